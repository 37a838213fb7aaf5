// What processing items do. Each transformation takes a rule and gives another; the AST that it was given stays as it is.
import { isMapping, standsWhere } from '../parse/rule.ts'
import type { CorrelationRule, Detection, DetectionItem, DetectionRule, RuleValue } from '../rule.ts'
import {
  DETECTION_ITEM_CONDITIONS,
  FIELD_NAME_CONDITIONS,
  holds,
  itemsOf,
  type PipelineState,
  type Subject,
} from './conditions.ts'
import { PipelineError, type PipelineItem } from './pipeline.ts'
import {
  asRegex,
  changeCase,
  convertType,
  mapString,
  replaceString,
  setValue,
  type ValueChange,
  withPlaceholders,
  withValues,
} from './values.ts'

export interface TransformationContext {
  readonly state: PipelineState
  readonly vars: ReadonlyMap<string, readonly string[]>
  /** applies the items of `nest` */
  nested(items: readonly PipelineItem[], rule: Subject): Subject
}

type Transformation = (item: PipelineItem, rule: Subject, context: TransformationContext) => Subject

/** Transformations of pySigma that are not supported, and why. */
export const UNSUPPORTED: Readonly<Record<string, string>> = {
  field_name_transform: 'it is a function of Python',
  query_expression_placeholders: 'it makes parts of queries',
  file_placeholders: 'pipelines read no files',
  http_placeholders: 'pipelines use no network',
  command_placeholders: 'pipelines run no commands',
  extract_fields: 'it is not written yet',
}

/** A rule with its detection items changed; `change` gives a detection, or undefined to drop the item. */
function mapItems(rule: DetectionRule, change: (item: DetectionItem) => Detection | undefined): DetectionRule {
  let changed = false
  const visit = (detection: Detection): Detection | undefined => {
    if (detection.kind === 'item') {
      const result = change(detection.item)
      if (result?.kind === 'item' && result.item === detection.item) return detection
      changed = true
      return result
    }
    const parts = detection.parts.map(visit).filter((part): part is Detection => part !== undefined)
    return parts.length ? { kind: detection.kind, parts } : undefined
  }
  const detections = new Map<string, Detection>()
  for (const [name, detection] of rule.detections) {
    const result = visit(detection)
    // What is left of a search identifier without items holds always, as an empty AND does.
    detections.set(name, result ?? { kind: 'and', parts: [] })
  }
  return changed ? standsWhere({ ...rule, detections }, rule) : rule
}

/** Items that the conditions on detection items and field names let through are changed. */
function changingItems(
  change: (pipelineItem: PipelineItem, item: DetectionItem, context: TransformationContext) => Detection | undefined,
): Transformation {
  return (pipelineItem, rule, context) => {
    if (rule.kind !== 'rule') return rule
    return mapItems(rule, (item) => {
      if (!holds(pipelineItem.detectionItem, DETECTION_ITEM_CONDITIONS, item, context.state))
        return { kind: 'item', item }
      if (!holds(pipelineItem.fieldName, FIELD_NAME_CONDITIONS, item.field, context.state))
        return { kind: 'item', item }
      const result = change(pipelineItem, item, context)
      if (result) for (const one of itemsOf(result)) if (one !== item) touch(one, item, pipelineItem, context.state)
      return result
    })
  }
}

/** Notes which item of the pipeline made a detection item of which. */
function touch(made: DetectionItem, from: DetectionItem, { id }: PipelineItem, state: PipelineState): void {
  const before = state.touched.get(from) ?? []
  state.touched.set(made, new Set(id === undefined ? before : [...before, id]))
  if (id !== undefined && made.field !== undefined) {
    const known = state.touchedFields.get(made.field)
    if (known) known.add(id)
    else state.touchedFields.set(made.field, new Set([id]))
  }
}

const changingValues = (make: (item: PipelineItem) => ValueChange): Transformation => {
  return (pipelineItem, rule, context) => {
    const change = make(pipelineItem)
    return changingItems((_, item) => ({ kind: 'item', item: withValues(item, change) }))(pipelineItem, rule, context)
  }
}

/** New names of a field; undefined: it keeps its own. */
type Rename = (field: string) => string | readonly string[] | undefined

function renaming(make: (item: PipelineItem) => Rename): Transformation {
  return (pipelineItem, rule, context) => {
    const rename = make(pipelineItem)
    const allowed: Rename = (field) => {
      if (!holds(pipelineItem.fieldName, FIELD_NAME_CONDITIONS, field, context.state)) return undefined
      const names = rename(field)
      if (names !== undefined) for (const name of [field, ...[names].flat()]) context.state.mapped.add(name)
      return names
    }
    if (rule.kind === 'correlation') return renamedCorrelation(pipelineItem, rule, allowed)
    const renamed = mapItems(rule, (item) => {
      if (!holds(pipelineItem.detectionItem, DETECTION_ITEM_CONDITIONS, item, context.state))
        return { kind: 'item', item }
      const result = renamedItem(item, allowed)
      for (const one of itemsOf(result)) if (one !== item) touch(one, item, pipelineItem, context.state)
      return result
    })
    const fields = rule.fields.flatMap((field) => allowed(field) ?? field)
    return fields.join() === rule.fields.join() ? renamed : standsWhere({ ...renamed, fields }, rule)
  }
}

function renamedItem(item: DetectionItem, rename: Rename): Detection {
  const values = item.modifiers.includes('fieldref')
    ? item.values.flatMap((value) => (typeof value === 'string' ? (rename(value) ?? value) : value))
    : item.values
  const names = item.field === undefined ? undefined : rename(item.field)
  const isSame = values.length === item.values.length && values.every((value, at) => value === item.values[at])
  const of = (field: string | undefined): Detection => ({ kind: 'item', item: { ...item, field, values } })
  if (names === undefined) return isSame ? { kind: 'item', item } : of(item.field)
  if (typeof names === 'string') return of(names)
  return names.length === 1 ? of(names[0]) : { kind: 'or', parts: names.map(of) }
}

function renamedCorrelation(pipelineItem: PipelineItem, rule: CorrelationRule, rename: Rename): CorrelationRule {
  const one = (field: string): string => {
    const names = rename(field) ?? field
    if (typeof names === 'string') return names
    if (names.length === 1) return names[0]
    throw new PipelineError(
      'failure',
      `"${field}" has several names, and a correlation takes one`,
      pipelineItem.location,
    )
  }
  const aliases = new Map(
    [...rule.aliases].map(([alias, fields]) => [
      alias,
      new Map([...fields].map(([name, field]) => [name, one(field)])),
    ]),
  )
  const unlessAlias = (field: string) => (rule.aliases.has(field) ? field : one(field))
  const { field } = rule.condition
  return standsWhere(
    {
      ...rule,
      aliases,
      groupBy: rule.groupBy.map(unlessAlias),
      condition: { ...rule.condition, ...(field && { field: field.map(unlessAlias) }) },
    },
    rule,
  )
}

function mappingOf({ parameters, location, type }: PipelineItem): ReadonlyMap<string, string | readonly string[]> {
  const { mapping } = parameters
  if (!isMapping(mapping)) throw new PipelineError('structure', `${type} needs a mapping`, location)
  return new Map(
    Object.entries(mapping).map(([from, to]) => {
      if (typeof to !== 'string' && !(Array.isArray(to) && to.every((one) => typeof one === 'string')))
        throw new PipelineError('structure', `${type}: "${from}": a name or a list of names was expected`, location)
      return [from, to as string | string[]]
    }),
  )
}

function text({ parameters, location, type }: PipelineItem, name: string): string {
  const value = parameters[name]
  if (typeof value !== 'string') throw new PipelineError('structure', `${type} needs ${name}`, location)
  return value
}

function names({ parameters, location, type }: PipelineItem, name: string): string[] {
  const value = parameters[name]
  const list = Array.isArray(value) ? value : [value]
  if (!list.every((one) => typeof one === 'string'))
    throw new PipelineError('structure', `${type}: ${name}: names were expected`, location)
  return list as string[]
}

const withFields = (rule: Subject, fields: readonly string[]): Subject => standsWhere({ ...rule, fields }, rule)

const TRANSFORMATIONS: Readonly<Record<string, Transformation>> = {
  field_name_mapping: renaming((item) => {
    const mapping = mappingOf(item)
    return (field) => mapping.get(field)
  }),
  field_name_prefix_mapping: renaming((item) => {
    const mapping = [...mappingOf(item)]
    return (field) => {
      const found = mapping.find(([prefix]) => field.startsWith(prefix))
      if (!found) return undefined
      const rest = field.slice(found[0].length)
      return typeof found[1] === 'string' ? found[1] + rest : found[1].map((one) => one + rest)
    }
  }),
  field_name_prefix: renaming((item) => {
    const prefix = text(item, 'prefix')
    return (field) => prefix + field
  }),
  field_name_suffix: renaming((item) => {
    const suffix = text(item, 'suffix')
    return (field) => field + suffix
  }),
  drop_detection_item: changingItems(() => undefined),
  hashes_fields: changingItems((pipelineItem, item) => hashesFields(pipelineItem, item)),
  replace_string: changingValues(replaceString),
  map_string: changingValues(mapString),
  set_value: changingValues(setValue),
  convert_type: changingValues(convertType),
  case: changingValues(changeCase),
  regex: changingItems((pipelineItem, item) => ({ kind: 'item', item: regexItem(pipelineItem, item) })),
  wildcard_placeholders: changingItems((pipelineItem, item) => ({
    kind: 'item',
    item: withPlaceholders(item, (name) => (isHandled(pipelineItem, name) ? ['*'] : undefined)),
  })),
  value_placeholders: changingItems((pipelineItem, item, { vars }) => ({
    kind: 'item',
    item: withPlaceholders(item, (name) => {
      if (!isHandled(pipelineItem, name)) return undefined
      const values = vars.get(name)
      if (!values)
        throw new PipelineError('failure', `the placeholder %${name}% has no values in vars`, pipelineItem.location)
      return values
    }),
  })),
  add_condition: addCondition,
  change_logsource(item, rule) {
    if (rule.kind !== 'rule') return rule
    const { product, category, service } = item.parameters as Record<string, string | undefined>
    const logSource = { ...(product && { product }), ...(category && { category }), ...(service && { service }) }
    return standsWhere({ ...rule, logSource }, rule)
  },
  add_field: (item, rule) => withFields(rule, [...rule.fields, ...names(item, 'field')]),
  remove_field: (item, rule) =>
    withFields(
      rule,
      rule.fields.filter((one) => !names(item, 'field').includes(one)),
    ),
  set_field: (item, rule) => withFields(rule, names(item, 'fields')),
  set_state(item, rule, { state }) {
    state.values.set(text(item, 'key'), item.parameters.val)
    return rule
  },
  set_custom_attribute: (item, rule) =>
    standsWhere({ ...rule, custom: { ...rule.custom, [text(item, 'attribute')]: item.parameters.value } }, rule),
  rule_failure(item) {
    throw new PipelineError('failure', text(item, 'message'), item.location)
  },
  detection_item_failure: changingItems((item) => {
    throw new PipelineError('failure', text(item, 'message'), item.location)
  }),
  strict_field_mapping_failure(item, rule, { state }) {
    if (rule.kind !== 'rule') return rule
    const fields = new Set(
      [...rule.detections.values()].flatMap((detection) => [...itemsOf(detection)].flatMap(({ field }) => field ?? [])),
    )
    const missing = [...fields].filter((field) => !state.mapped.has(field))
    if (missing.length)
      throw new PipelineError('failure', `these fields are not mapped: ${missing.join(', ')}`, item.location)
    return rule
  },
  nest: (item, rule, context) => context.nested(item.items, rule),
}

export const isTransformation = (type: string): boolean => Object.hasOwn(TRANSFORMATIONS, type)

/** Applies one item to a rule whose rule conditions hold. Throws PipelineError. */
export const transform = (item: PipelineItem, rule: Subject, context: TransformationContext): Subject =>
  TRANSFORMATIONS[item.type](item, rule, context)

function isHandled({ parameters }: PipelineItem, name: string): boolean {
  const { include, exclude } = parameters
  if (Array.isArray(include)) return include.includes(name)
  return !(Array.isArray(exclude) && exclude.includes(name))
}

function regexItem({ parameters, location }: PipelineItem, item: DetectionItem): DetectionItem {
  const { method = 'ignore_case_brackets' } = parameters
  if (!['plain', 'ignore_case_flag', 'ignore_case_brackets'].includes(String(method)))
    throw new PipelineError('structure', 'regex: method is plain, ignore_case_flag or ignore_case_brackets', location)
  const changed = withValues(item, (value) => (typeof value === 'string' && value !== '' ? asRegex(value) : undefined))
  if (changed === item) return item
  // Brackets for every letter say what the flag says.
  const flags = method === 'plain' ? [] : ['i']
  return { ...changed, modifiers: [...changed.modifiers.filter((one) => one !== 'cased'), 're', ...flags, 's'] }
}

const HASH_LENGTHS: Readonly<Record<number, string>> = { 32: 'MD5', 40: 'SHA1', 64: 'SHA256', 128: 'SHA512' }

/** `Hashes: SHA1=…` → `FileSHA1: …`. */
function hashesFields({ parameters, location }: PipelineItem, item: DetectionItem): Detection {
  const {
    valid_hash_algos: valid,
    field_prefix: prefix = '',
    drop_algo_prefix: drop = false,
    field_to_parse: fields = ['Hashes', 'Hash'],
  } = parameters
  const isOurs = Array.isArray(fields) && item.field !== undefined && fields.includes(item.field)
  if (!isOurs || !item.values.every((value) => typeof value === 'string')) return { kind: 'item', item }
  if (!Array.isArray(valid)) throw new PipelineError('structure', 'hashes_fields needs valid_hash_algos', location)
  const byField = new Map<string, RuleValue[]>()
  for (const value of item.values as readonly string[]) {
    const parts = value.split(value.includes('|') ? '|' : '=')
    const hash = (parts.length === 2 ? parts[1] : parts[0]).replace(/^[*?]+|[*?]+$/g, '')
    const kind = parts.length === 2 ? parts[0].replace(/^\*+/, '').toUpperCase() : (HASH_LENGTHS[hash.length] ?? '')
    if (!valid.includes(kind)) continue
    const field = `${String(prefix)}${drop === true ? '' : kind}`
    byField.set(field, [...(byField.get(field) ?? []), hash])
  }
  if (!byField.size) throw new PipelineError('failure', `no hash of ${valid.join(', ')} in ${item.field}`, location)
  const made = [...byField].map(
    ([field, values]): Detection => ({ kind: 'item', item: { field, modifiers: [], values, all: false } }),
  )
  return made.length === 1 ? made[0] : { kind: 'or', parts: made }
}

function addCondition(item: PipelineItem, rule: Subject): Subject {
  if (rule.kind !== 'rule') return rule
  const { conditions, name, template = false, negated = false } = item.parameters
  if (!isMapping(conditions) || !Object.keys(conditions).length)
    throw new PipelineError('structure', 'add_condition needs conditions (field: value)', item.location)
  const identifier = freeName(rule, typeof name === 'string' ? name : '_condition')
  const filled = (value: RuleValue): RuleValue =>
    template === true && typeof value === 'string'
      ? value.replace(
          /\$\{?(category|product|service)\}?/g,
          (_, part: 'category' | 'product' | 'service') => rule.logSource[part] ?? 'None',
        )
      : value
  const parts = Object.entries(conditions).map(([key, value]): Detection => {
    const [field, ...modifiers] = key.split('|')
    const values = (Array.isArray(value) ? value : [value]) as RuleValue[]
    return {
      kind: 'item',
      item: {
        field,
        modifiers: modifiers.filter((one) => one !== 'all'),
        values: values.map(filled),
        all: modifiers.includes('all'),
      },
    }
  })
  const added = { kind: 'identifier', name: identifier } as const
  return standsWhere(
    {
      ...rule,
      detections: new Map([...rule.detections, [identifier, parts.length === 1 ? parts[0] : { kind: 'and', parts }]]),
      conditions: rule.conditions.map((condition) => ({
        kind: 'and',
        parts: [negated === true ? { kind: 'not', part: added } : added, condition],
      })),
    },
    rule,
  )
}

/** A name that the rule has not, beginning with an underscore: `them` does not mean it. */
function freeName(rule: DetectionRule, wanted: string): string {
  const base = wanted.startsWith('_') ? wanted : `_${wanted}`
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}_${number}`
    if (!rule.detections.has(name)) return name
  }
}
