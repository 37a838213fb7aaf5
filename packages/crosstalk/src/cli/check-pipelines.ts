// --pipeline: said to be wrong before anything is read.
import type { Pipeline } from '@crosstalk/sigma/pipeline'
import { readProblem } from '../run/system-problem.ts'
import { RunError } from './usage.ts'

/** `names`: files, or sources whose field names come with the engine. Throws RunError, with the place, when one of the files is no pipeline. */
export async function checkPipelines(names: readonly string[]): Promise<readonly Pipeline[]> {
  if (!names.length) return []
  const { readPipelines } = await import('../run/pipelines.ts')
  const { BUILT_IN_PIPELINES } = await import('@crosstalk/sigma/pipeline')
  return names.flatMap((name) => {
    try {
      return readPipelines([name])
    } catch (error) {
      const { location } = error as { location?: { line: number; column: number } }
      const isPath = /[./\\]/.test(name)
      throw new RunError(
        location
          ? `--pipeline ${name}:${location.line}:${location.column}: ${(error as Error).message}`
          : `--pipeline ${name}: ${readProblem(error)}${isPath ? '' : `, nor a source of that name (${BUILT_IN_PIPELINES.join(', ')})`}`,
      )
    }
  })
}
