// field_name_mapping and its kin: other names for the fields of detection items, of what they refer to, of a rule's list of fields, of correlations.

import { parsePattern, widen } from '../modifiers/sigma-string.ts'
import { isMapping, standsWhere } from '../parse/rule-document.ts'
import type { CorrelationRule, Detection, DetectionItem } from '../rule.ts'
import { changeItems } from './changing-items.ts'
import { FIELD_NAME_CONDITIONS, holds, type PipelineState, type Subject } from './conditions.ts'
import { PipelineError, type PipelineItem } from './pipeline.ts'
import { asText, isText, written } from './text.ts'

/** New names of a field; undefined: it keeps its own. Keywords have none: `field` is undefined. */
export type Rename = (field: string | undefined) => string | readonly string[] | undefined

export function renamed(pipelineItem: PipelineItem, rule: Subject, state: PipelineState, rename: Rename): Subject {
  /** names in the rule's list of fields, and in correlations */
  const listed = (field: string): readonly string[] => {
    const touched = state.touchedFields.get(field)
    if (!holds(pipelineItem.fieldName, FIELD_NAME_CONDITIONS, { name: field, touched }, state)) return [field]
    const names = rename(field)
    if (names === undefined) return [field]
    const { id } = pipelineItem
    const ids = new Set(id === undefined ? touched : [...(touched ?? []), id])
    state.touchedFields.delete(field)
    for (const name of [names].flat()) state.touchedFields.set(name, ids)
    return [names].flat()
  }
  const fields = rule.fields.flatMap(listed)
  const whole = fields.join() === rule.fields.join() ? rule : standsWhere({ ...rule, fields }, rule)
  if (whole.kind === 'correlation') return renamedCorrelation(pipelineItem, whole, listed)
  return changeItems(pipelineItem, whole, state, (item) => {
    const touched = state.touched.get(item)
    return renamedItem(item, (name) => {
      if (!holds(pipelineItem.fieldName, FIELD_NAME_CONDITIONS, { name, touched }, state)) return undefined
      const names = rename(name)
      if (names !== undefined && name !== undefined) for (const one of [name, ...[names].flat()]) state.mapped.add(one)
      return names
    })
  })
}

function renamedItem(item: DetectionItem, rename: Rename): Detection {
  const values = item.modifiers.includes('fieldref')
    ? item.values.flatMap((value) => (typeof value === 'string' ? (rename(value) ?? value) : value))
    : item.values
  const names = rename(item.field)
  const isSame = values.length === item.values.length && values.every((value, at) => value === item.values[at])
  const from = item.field === undefined && names !== undefined ? keywordsOf(item) : { ...item, values }
  const of = (field: string | undefined): Detection => ({ kind: 'item', item: { ...from, field } })
  if (names === undefined) return isSame ? { kind: 'item', item } : of(item.field)
  if (typeof names === 'string') return of(names)
  return names.length === 1 ? of(names[0]) : { kind: 'or', parts: names.map(of) }
}

/** Keywords stand anywhere in a value; a field's values are whole. */
function keywordsOf(item: DetectionItem): DetectionItem {
  if (!isText(item)) return item
  const text = asText(item)
  const values = text.values.map((value) =>
    typeof value === 'string' ? written(widen(parsePattern(value), true, true)) : value,
  )
  return { ...text, values }
}

function renamedCorrelation(
  pipelineItem: PipelineItem,
  rule: CorrelationRule,
  rename: (field: string) => readonly string[],
): CorrelationRule {
  const one = (field: string): string => {
    const names = rename(field)
    if (names.length === 1) return names[0]
    throw new PipelineError(
      'failure',
      `"${field}" has several names, and an alias or a correlation’s condition takes one`,
      pipelineItem.location,
    )
  }
  const aliases = new Map(
    [...rule.aliases].map(([alias, fields]) => [
      alias,
      new Map([...fields].map(([name, field]) => [name, one(field)])),
    ]),
  )
  const { field } = rule.condition
  return standsWhere(
    {
      ...rule,
      aliases,
      groupBy: rule.groupBy.flatMap((name) => (rule.aliases.has(name) ? name : rename(name))),
      condition: {
        ...rule.condition,
        ...(field && { field: field.map((name) => (rule.aliases.has(name) ? name : one(name))) }),
      },
    },
    rule,
  )
}

/** `field_name_mapping`. Its key null, which is for keywords, is "null" in a mapping of YAML. */
export function mapping({ parameters }: PipelineItem): Rename {
  const names = mappingOf(parameters.mapping)
  return (field) => names.get(field ?? 'null')
}

export function prefixMapping({ parameters }: PipelineItem): Rename {
  const prefixes = [...mappingOf(parameters.mapping)]
  return (field) => {
    const found = field === undefined ? undefined : prefixes.find(([prefix]) => field.startsWith(prefix))
    if (!found || field === undefined) return undefined
    const rest = field.slice(found[0].length)
    return typeof found[1] === 'string' ? found[1] + rest : found[1].map((one) => one + rest)
  }
}

const mappingOf = (value: unknown) =>
  new Map(isMapping(value) ? (Object.entries(value) as [string, string | readonly string[]][]) : [])
