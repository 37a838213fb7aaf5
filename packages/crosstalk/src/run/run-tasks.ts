// Reads everything of a run, on this thread or on many; the same comes of it in the same order.
import type { RuleSet } from '@crosstalk/sigma'
import { breathe } from './breathe.ts'
import type { FoundFile } from './inputs.ts'
import { keepNurserySmall } from './nursery.ts'
import { planTasks } from './plan.ts'
import type { TaskTaker } from './pool.ts'
import type { Stage } from './stage.ts'
import { threadsFor } from './threads.ts'

/** `ruleSet`: what `stage.rules` holds, for this thread. `jobs`: threads asked for, if any were. Rejects only with what a callback throws. */
export async function readAll(
  files: readonly FoundFile[],
  stage: Stage,
  ruleSet: RuleSet | undefined,
  jobs: number | undefined,
  taker: TaskTaker,
): Promise<void> {
  const tasks = await planTasks(files, stage.archiveLimits)
  const threads = threadsFor(
    stage.kind,
    tasks.reduce((sum, task) => sum + task.bytes, 0),
    jobs,
  )
  const { createExtractor } = await import('./extract.ts')
  const extractor = await createExtractor(stage, ruleSet, keepNurserySmall)
  if (threads > 1 && tasks.length > 1) {
    const { runOnThreads } = await import('./pool.ts')
    await runOnThreads(tasks, stage, threads, extractor, taker)
    return
  }
  for (const task of tasks) {
    keepNurserySmall()
    taker.onDone(await extractor.run(task, (batch) => taker.onBatch(batch, task)), task)
    await breathe()
  }
}
