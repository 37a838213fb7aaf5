// When a processing item applies: conditions on the rule, on a detection item, on a field's name. Each is a small function of its parameters.
import { satisfies } from '../match/plan.ts'
import { parsePattern } from '../modifiers/sigma-string.ts'
import { LEVELS, STATUSES, TEXT_ATTRIBUTES } from '../parse/metadata.ts'
import type { Condition, CorrelationRule, Detection, DetectionItem, DetectionRule, RuleValue } from '../rule.ts'
import { type ConditionSet, type PipelineCondition, PipelineError } from './pipeline.ts'
import { pythonRegex } from './python-regex.ts'
import { asText, isSame, isText, shown } from './text.ts'

/** What is remembered of a rule while pipelines are applied to it. */
export interface PipelineState {
  /** ids of items that changed the rule */
  readonly applied: Set<string>
  /** by detection item: the ids of items that changed it */
  readonly touched: WeakMap<DetectionItem, ReadonlySet<string>>
  /** the same by field, of the rule's list of fields and of a correlation's */
  readonly touchedFields: Map<string, ReadonlySet<string>>
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
  if (op !== 'eq' && op !== 'ne' && typeof actual !== typeof wanted)
    throw new PipelineError('structure', `${op} can't compare ${typeof actual} with ${typeof wanted}`, location)
  return holds(actual, wanted)
}

const stateHolds = (condition: PipelineCondition, state: PipelineState): boolean => {
  const { key, val } = condition.parameters
  return state.values.has(String(key)) && compared(condition, state.values.get(String(key)), val)
}

const RANKS = { level: LEVELS, status: STATUSES.toReversed() } as const

function attributeHolds(condition: PipelineCondition, rule: Subject): boolean {
  const { attribute, value, op = 'eq' } = condition.parameters
  const fail = (why: string) => {
    throw new PipelineError('structure', `rule_attribute ${String(attribute)}: ${why}`, condition.location)
  }
  // Others are looked for among those that the rule has beside the specification's.
  const name = TEXT_ATTRIBUTES.find((one) => one === attribute)
  const actual = name ? rule[name] : rule.custom[String(attribute)]
  if (actual === undefined || actual === null) return false
  if (Array.isArray(actual))
    return op === 'in' ? actual.includes(value) : op === 'not_in' ? !actual.includes(value) : op === 'ne'
  if (attribute === 'level' || attribute === 'status') {
    const ranks: readonly string[] = RANKS[attribute]
    const wanted = ranks.indexOf(String(value).toLowerCase())
    return wanted < 0
      ? fail(`"${String(value)}" is none of ${ranks.join(', ')}`)
      : compared(condition, ranks.indexOf(String(actual)), wanted)
  }
  if (typeof actual === 'object') return fail('it is no single value')
  if (typeof actual === 'number') {
    const wanted = Number(value)
    return Number.isNaN(wanted) ? fail(`"${String(value)}" is no number`) : compared(condition, actual, wanted)
  }
  const isDate = attribute === 'date' || attribute === 'modified'
  if (!isDate && op !== 'eq' && op !== 'ne') return fail(`"${String(op)}" is not for text`)
  return compared(condition, String(actual), String(value))
}

export const RULE_CONDITIONS: Readonly<Record<string, Test<Subject>>> = {
  logsource({ parameters }, rule, state) {
    const { product, category, service } = parameters as Record<string, string | null | undefined>
    const wanted = { product: product ?? undefined, category: category ?? undefined, service: service ?? undefined }
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
      (item) =>
        item.field === parameters.field &&
        isText(item) &&
        asText(item).values.some((value) => isSame(value, parameters.value)),
    ),
  processing_item_applied: ({ parameters }, _, state) => state.applied.has(String(parameters.processing_item_id)),
  processing_state: (condition, _, state) => stateHolds(condition, state),
  is_sigma_rule: (_, rule) => rule.kind === 'rule',
  is_sigma_correlation_rule: (_, rule) => rule.kind === 'correlation',
  rule_attribute: (condition, rule) => attributeHolds(condition, rule),
  tag: ({ parameters }, rule) => rule.tags.includes(String(parameters.tag)),
}

/** Linked over an item's values by `cond`: any (default) or all. `undefined`: a value that is no text or number. */
const overValues =
  (test: (condition: PipelineCondition, value: RuleValue | undefined) => boolean): Test<DetectionItem> =>
  (condition, item) => {
    const values = isText(item) ? asText(item).values : item.values.map(() => undefined)
    const hits = values.map((value) => test(condition, value))
    return condition.parameters.cond === 'all' ? hits.every(Boolean) : hits.some(Boolean)
  }

export const DETECTION_ITEM_CONDITIONS: Readonly<Record<string, Test<DetectionItem>>> = {
  match_string: overValues((condition, value) => {
    const { pattern, negate = false } = condition.parameters
    const holds = typeof value === 'string' && pythonRegex(String(pattern), condition.location, '^').test(shown(value))
    return holds !== (negate === true)
  }),
  match_value: overValues(({ parameters }, value) => value !== undefined && isSame(value, parameters.value)),
  contains_wildcard: overValues(
    (_, value) => typeof value === 'string' && parsePattern(value).some((part) => typeof part !== 'string'),
  ),
  is_null: overValues((_, value) => value === null),
  processing_item_applied: ({ parameters }, item, state) =>
    state.touched.get(item)?.has(String(parameters.processing_item_id)) ?? false,
  processing_state: (condition, _, state) => stateHolds(condition, state),
}

function includesField(condition: PipelineCondition, field: string | undefined): boolean {
  const { fields: given, mode = 'plain' } = condition.parameters
  const fields = [given].flat()
  if (field === undefined) return false
  return mode === 're'
    ? fields.some((pattern) => pythonRegex(String(pattern), condition.location, '^').test(field))
    : fields.includes(field)
}

/** A field's name, and the ids of pipeline items that changed what bears it. */
export interface FieldName {
  readonly name: string | undefined
  readonly touched: ReadonlySet<string> | undefined
}

export const FIELD_NAME_CONDITIONS: Readonly<Record<string, Test<FieldName>>> = {
  include_fields: (condition, { name }) => includesField(condition, name),
  exclude_fields: (condition, { name }) => !includesField(condition, name),
  processing_item_applied: ({ parameters }, { touched }) =>
    touched?.has(String(parameters.processing_item_id)) ?? false,
  processing_state: (condition, _, state) => stateHolds(condition, state),
}

/** The names in a detection item: its field, and the fields that its values refer to. */
function namesIn({ field, modifiers, values }: DetectionItem, touched: ReadonlySet<string> | undefined): FieldName[] {
  const referred = modifiers.includes('fieldref') ? values : []
  return [field, ...referred.map(String)].map((name) => ({ name, touched }))
}

/** Conditions on field names hold for a detection item, each of them, when they do for any name in it. */
export const FIELD_NAME_CONDITIONS_OF_ITEMS: Readonly<Record<string, Test<DetectionItem>>> = Object.fromEntries(
  Object.entries(FIELD_NAME_CONDITIONS).map(([type, test]): [string, Test<DetectionItem>] => [
    type,
    (condition, item, state) => namesIn(item, state.touched.get(item)).some((name) => test(condition, name, state)),
  ]),
)

export function holds<T>(
  { conditions, expression, link, negated }: ConditionSet,
  tests: Readonly<Record<string, Test<T>>>,
  subject: T,
  state: PipelineState,
): boolean {
  if (!conditions.size) return true
  const test = (condition: PipelineCondition) => tests[condition.type](condition, subject, state)
  const evaluate = (node: Condition): boolean => {
    switch (node.kind) {
      case 'and':
        return node.parts.every(evaluate)
      case 'or':
        return node.parts.some(evaluate)
      case 'not':
        return !evaluate(node.part)
      default:
        return node.kind === 'identifier' && test(conditions.get(node.name)!)
    }
  }
  if (expression) return evaluate(expression) !== negated
  const results = [...conditions.values()].map(test)
  return (link === 'and' ? results.every(Boolean) : results.some(Boolean)) !== negated
}
