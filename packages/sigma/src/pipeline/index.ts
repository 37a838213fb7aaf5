export { type AppliedPipelines, applyPipelines } from './apply.ts'
export { FIELD_MAPPINGS, type FieldMapping } from './field-mappings.ts'
export { type Pipeline, PipelineError, type PipelineItem } from './pipeline.ts'
export { parsePipeline } from './read.ts'
