// --pipeline FILE: said to be wrong before anything is read.
import type { Pipeline } from '@crosstalk/sigma/pipeline'
import { readProblem } from '../run/system-problem.ts'
import { RunError } from './usage.ts'

/** Throws RunError, with the place, when one of the files is no pipeline. */
export async function checkPipelines(files: readonly string[]): Promise<readonly Pipeline[]> {
  if (!files.length) return []
  const { readPipelines } = await import('../run/pipelines.ts')
  return files.flatMap((file) => {
    try {
      return readPipelines([file])
    } catch (error) {
      const { location } = error as { location?: { line: number; column: number } }
      throw new RunError(
        location
          ? `--pipeline ${file}:${location.line}:${location.column}: ${(error as Error).message}`
          : `--pipeline ${file}: ${readProblem(error)}`,
      )
    }
  })
}
