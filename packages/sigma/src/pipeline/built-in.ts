// The field mappings as pipelines: rules with Sigma's names become rules with those of a source.
import { FIELD_MAPPINGS } from './field-mappings.ts'
import type { Pipeline } from './pipeline.ts'
import { parsePipeline } from './read.ts'

/** What they are asked for by: `ecs`, `zeek` … */
export const BUILT_IN_PIPELINES: readonly string[] = Object.keys(FIELD_MAPPINGS)

/** As pySigma's own pipelines for field names. */
const PRIORITY = 20

/** Categories whose events have the fields of another one. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  registry_event: ['registry_add', 'registry_delete', 'registry_set', 'registry_rename'],
}

/** Where a source keeps the fields that it has no name of its own for: Winlogbeat's `winlog.event_data`. */
const REST: Readonly<Record<string, { product: string; prefix: string }>> = {
  ecs: { product: 'windows', prefix: 'winlog.event_data.' },
}

/** Undefined for a name that is none of `BUILT_IN_PIPELINES`. */
export function builtInPipeline(name: string): Pipeline | undefined {
  if (!Object.hasOwn(FIELD_MAPPINGS, name)) return undefined
  const renaming = FIELD_MAPPINGS[name].map(({ logSource, fields }, at) => ({
    id: `${name}-${at}`,
    type: 'field_name_mapping',
    mapping: fields,
    rule_conditions: [logSource.category, ...(KINDS[logSource.category ?? ''] ?? [])].map((category) => ({
      type: 'logsource',
      ...logSource,
      ...(category !== undefined && { category }),
    })),
    rule_cond_op: 'or',
  }))
  const rest = REST[name]
  const prefixing = rest && {
    type: 'field_name_prefix',
    prefix: rest.prefix,
    rule_conditions: [{ type: 'logsource', product: rest.product }],
    field_name_conditions: renaming.map(({ id }) => ({
      type: 'processing_item_applied',
      processing_item_id: id,
    })),
    field_name_cond_op: 'or',
    field_name_cond_not: true,
  }
  // JSON is YAML.
  const text = JSON.stringify({
    name,
    priority: PRIORITY,
    transformations: [...renaming, ...(rest ? [prefixing] : [])],
  })
  return parsePipeline(text, name)
}
