// When a processing item applies: conditions on the rule, on a detection item, on a field's name. Each is a small function of its parameters.
import { satisfies } from '../match/plan.ts'
import { parsePattern } from '../modifiers/sigma-string.ts'
import type { CorrelationRule, Detection, DetectionItem, DetectionRule, RuleValue } from '../rule.ts'
import { type ConditionSet, type PipelineCondition, PipelineError } from './pipeline.ts'

/** What is remembered of a rule while pipelines are applied to it. */
export interface PipelineState {
  /** ids of items that changed the rule */
  readonly applied: Set<string>
  /** by detection item and by field: the ids of items that changed it */
  readonly touched: WeakMap<DetectionItem, ReadonlySet<string>>
  readonly touchedFields: Map<string, Set<string>>
  readonly values: Map<string, unknown>
  /** fields that a mapping made, and those it was asked about */
  readonly mapped: Set<string>
  readonly find: (reference: string) => DetectionRule | CorrelationRule | undefined
}

export type Subject = DetectionRule | CorrelationRule

type Test<T> = (condition: PipelineCondition, subject: T, state: PipelineState) => boolean

export function* itemsOf(detection: Detection): Generator<DetectionItem> {
  if (detection.kind === 'item') yield detection.item
  else for (const part of detection.parts) yield* itemsOf(part)
}

function* itemsOfRule(rule: Subject): Generator<DetectionItem> {
  if (rule.kind === 'rule') for (const detection of rule.detections.values()) yield* itemsOf(detection)
}

const COMPARES: Readonly<Record<string, (a: unknown, b: unknown) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  gte: (a, b) => (a as number) >= (b as number),
  gt: (a, b) => (a as number) > (b as number),
  lte: (a, b) => (a as number) <= (b as number),
  lt: (a, b) => (a as number) < (b as number),
}

function compared({ parameters, location }: PipelineCondition, actual: unknown, wanted: unknown): boolean {
  const { op = 'eq' } = parameters
  const holds = typeof op === 'string' ? COMPARES[op] : undefined
  if (!holds)
    throw new PipelineError('structure', `op "${String(op)}": one of ${Object.keys(COMPARES).join(', ')}`, location)
  return holds(actual, wanted)
}

const stateHolds = (condition: PipelineCondition, state: PipelineState): boolean => {
  const { key, val } = condition.parameters
  return state.values.has(String(key)) && compared(condition, state.values.get(String(key)), val)
}

const RANKS = {
  level: ['informational', 'low', 'medium', 'high', 'critical'],
  status: ['unsupported', 'deprecated', 'experimental', 'test', 'stable'],
} as const

function attributeHolds(condition: PipelineCondition, rule: Subject): boolean {
  const { attribute, value, op = 'eq' } = condition.parameters
  const actual = (rule as unknown as Record<string, unknown>)[String(attribute)] ?? rule.custom[String(attribute)]
  if (actual === undefined) return false
  if (Array.isArray(actual))
    return op === 'in' ? actual.includes(value) : op === 'not_in' ? !actual.includes(value) : op === 'ne'
  if (attribute === 'level' || attribute === 'status') {
    const ranks: readonly string[] = RANKS[attribute]
    return compared(condition, ranks.indexOf(String(actual)), ranks.indexOf(String(value).toLowerCase()))
  }
  if (typeof actual === 'number') return compared(condition, actual, Number(value))
  return compared(condition, String(actual), String(value))
}

export const RULE_CONDITIONS: Readonly<Record<string, Test<Subject>>> = {
  logsource({ parameters }, rule, state) {
    const { product, category, service } = parameters as Record<string, string | undefined>
    const wanted = { product, category, service }
    const visit = (one: Subject, depth: number): boolean =>
      one.kind === 'rule'
        ? satisfies(one.logSource, wanted)
        : depth < 16 &&
          one.rules.some((reference) => {
            const found = state.find(reference)
            return found !== undefined && visit(found, depth + 1)
          })
    return visit(rule, 0)
  },
  contains_field: ({ parameters }, rule) =>
    [...itemsOfRule(rule)].some(({ field }) => field !== undefined && field === parameters.field),
  contains_detection_item: ({ parameters }, rule) =>
    [...itemsOfRule(rule)].some(
      ({ field, values }) => field === parameters.field && values.includes(parameters.value as RuleValue),
    ),
  processing_item_applied: ({ parameters }, _, state) => state.applied.has(String(parameters.processing_item_id)),
  processing_state: (condition, _, state) => stateHolds(condition, state),
  is_sigma_rule: (_, rule) => rule.kind === 'rule',
  is_sigma_correlation_rule: (_, rule) => rule.kind === 'correlation',
  rule_attribute: (condition, rule) => attributeHolds(condition, rule),
  tag: ({ parameters }, rule) => rule.tags.includes(String(parameters.tag)),
}

/** Linked over an item's values by `cond`: any (default) or all. */
const overValues =
  (test: (condition: PipelineCondition, value: RuleValue) => boolean): Test<DetectionItem> =>
  (condition, { values }) => {
    const hits = values.map((value) => test(condition, value))
    return condition.parameters.cond === 'all' ? hits.every(Boolean) : hits.some(Boolean)
  }

export const DETECTION_ITEM_CONDITIONS: Readonly<Record<string, Test<DetectionItem>>> = {
  match_string: overValues((condition, value) => {
    const { pattern, negate = false } = condition.parameters
    const holds = typeof value === 'string' && pythonRegex(String(pattern), condition.location, '^').test(value)
    return holds !== (negate === true)
  }),
  match_value: overValues(({ parameters }, value) => value === parameters.value),
  contains_wildcard: overValues(
    (_, value) => typeof value === 'string' && parsePattern(value).some((part) => typeof part !== 'string'),
  ),
  is_null: overValues((_, value) => value === null),
  processing_item_applied: ({ parameters }, item, state) =>
    state.touched.get(item)?.has(String(parameters.processing_item_id)) ?? false,
  processing_state: (condition, _, state) => stateHolds(condition, state),
}

function includesField(condition: PipelineCondition, field: string | undefined): boolean {
  const { fields = [], mode = 'plain' } = condition.parameters
  if (field === undefined || !Array.isArray(fields)) return false
  return mode === 're'
    ? fields.some((pattern) => pythonRegex(String(pattern), condition.location, '^').test(field))
    : fields.includes(field)
}

export const FIELD_NAME_CONDITIONS: Readonly<Record<string, Test<string | undefined>>> = {
  include_fields: (condition, field) => includesField(condition, field),
  exclude_fields: (condition, field) => !includesField(condition, field),
  processing_item_applied: ({ parameters }, field, state) =>
    state.touchedFields.get(String(field))?.has(String(parameters.processing_item_id)) ?? false,
  processing_state: (condition, _, state) => stateHolds(condition, state),
}

export function holds<T>(
  { conditions, link, negated }: ConditionSet,
  tests: Readonly<Record<string, Test<T>>>,
  subject: T,
  state: PipelineState,
): boolean {
  if (!conditions.length) return true
  const results = conditions.map((condition) => tests[condition.type](condition, subject, state))
  return (link === 'and' ? results.every(Boolean) : results.some(Boolean)) !== negated
}

/** A regular expression as Python writes it: named groups, flags in front. `anchor`: `re.match` begins at the start. Throws PipelineError. */
export function pythonRegex(
  source: string,
  location: PipelineCondition['location'],
  anchor: '' | '^' = '',
  flags = '',
): RegExp {
  const inline = /^\(\?([aimsux]+)\)/.exec(source)
  const body = (inline ? source.slice(inline[0].length) : source)
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
  const all = new Set([...flags, ...[...(inline?.[1] ?? '')].filter((flag) => 'ims'.includes(flag))])
  try {
    return new RegExp(anchor ? `^(?:${body})` : body, [...all].join(''))
  } catch (error) {
    throw new PipelineError('structure', `"${source}" is no regular expression: ${(error as Error).message}`, location)
  }
}
