// Processing pipelines of a run, read from files.
import { readFileSync } from 'node:fs'
import { type Pipeline, parsePipeline } from '@crosstalk/sigma/pipeline'

/** Throws PipelineError for a file that is no pipeline, and what reading throws. */
export const readPipelines = (files: readonly string[]): Pipeline[] =>
  files.map((file) => parsePipeline(readFileSync(file, 'utf8'), file))
