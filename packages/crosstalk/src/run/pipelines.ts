// Processing pipelines of a run: those that come with the engine, by name, and files.
import { readFileSync } from 'node:fs'
import { builtInPipeline, type Pipeline, parsePipeline } from '@crosstalk/sigma/pipeline'

/** Throws PipelineError for a file that is no pipeline, and what reading throws. */
export const readPipelines = (files: readonly string[]): Pipeline[] =>
  files.map((file) => builtInPipeline(file) ?? parsePipeline(readFileSync(file, 'utf8'), file))
