// Search identifiers and conditions.
import { ConditionError, parseCondition } from '../condition/parse.ts'
import type { Condition, Detection, DetectionItem, RuleValue } from '../rule.ts'
import { fail, inheritPath, isMapping, type Path, placeItem, type RuleDocument } from './rule-document.ts'
import type { YamlDocument } from './yaml.ts'

/** Search identifiers and the condition over them, of a rule or of a filter. */
export function parseDetectionSection(
  document: RuleDocument,
  path: Path,
): { detections: Map<string, Detection>; conditions: Condition[]; aggregation?: string } {
  const section = path.reduce<unknown>((value, step) => (isMapping(value) ? value[step] : undefined), document.value)
  if (!isMapping(section))
    return fail(
      document,
      path,
      'structure',
      `${path.at(-1)}: a mapping of search identifiers and a condition was expected`,
    )
  const detections = new Map<string, Detection>()
  for (const [name, value] of Object.entries(section)) {
    if (
      name === 'condition' ||
      name === 'timeframe' ||
      (path[0] === 'filter' && (name === 'rules' || name === 'logsource'))
    )
      continue
    detections.set(name, parseDetection(document, [...path, name], value, 0))
  }
  if (!detections.size) fail(document, path, 'structure', `${path.at(-1)} has no search identifier`)
  if (section.condition === undefined || section.condition === null) {
    const isOutside = document.value.condition !== undefined
    fail(
      document,
      isOutside ? ['condition'] : path,
      'condition',
      isOutside ? `the condition stands outside of ${path.at(-1)}: indent it` : 'the condition is missing',
    )
  }
  const list: unknown[] = Array.isArray(section.condition) ? section.condition : [section.condition]
  if (!list.length) fail(document, [...path, 'condition'], 'condition', 'the list of conditions is empty')
  const aggregation = list.length === 1 && path[0] === 'detection' ? behindPipe(list) : undefined
  const conditions = list.map((one, at) =>
    parseConditionText(
      document,
      Array.isArray(section.condition) ? [...path, 'condition', at] : [...path, 'condition'],
      one,
    ),
  )
  return { detections, conditions, aggregation }
}

/** Takes what Sigma 1 wrote behind the condition off it. */
function behindPipe(list: unknown[]): string | undefined {
  const [text] = list
  const at = typeof text === 'string' ? text.indexOf('|') : -1
  if (typeof text !== 'string' || at < 0) return undefined
  list[0] = text.slice(0, at)
  return text.slice(at + 1)
}

export function parseConditionText(document: YamlDocument, path: Path, value: unknown): Condition {
  if (typeof value !== 'string') return fail(document, path, 'condition', 'the condition is not text')
  try {
    return parseCondition(value)
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error
    return fail(document, path, 'condition', `${error.message} (character ${error.at + 1} of the condition)`)
  }
}

/** Lists of mappings within lists: the specification knows one level; more are allowed up to this. */
const MAX_NESTING = 16

function parseDetection(document: RuleDocument, path: Path, value: unknown, depth: number): Detection {
  if (depth > MAX_NESTING) return fail(document, path, 'limit', `search identifiers nested deeper than ${MAX_NESTING}`)
  if (Array.isArray(value)) {
    if (!value.length) return fail(document, path, 'structure', `${path.at(-1)} is an empty list`)
    if (value.every(isPlain)) return keywords(document, path, value)
    return {
      kind: 'or',
      parts: value.map((one, at) =>
        isPlain(one)
          ? keywords(document, [...path, at], [one])
          : parseDetection(document, [...path, at], one, depth + 1),
      ),
    }
  }
  if (isMapping(value)) {
    const entries = Object.entries(value)
    if (!entries.length) return fail(document, path, 'structure', `${path.at(-1)} is empty`)
    const parts = entries.map(([key, values]): Detection => parseEntry(document, [...path, key], key, values, depth))
    return parts.length === 1 ? parts[0] : { kind: 'and', parts }
  }
  if (isPlain(value)) return keywords(document, path, [value])
  return fail(document, path, 'structure', `${path.at(-1)}: fields, keywords or a list of them were expected`)
}

function keywords(document: YamlDocument, path: Path, values: readonly RuleValue[]): Detection {
  const item: DetectionItem = { modifiers: [], values, all: false }
  placeItem(item, document, path)
  return { kind: 'item', item }
}

function parseEntry(document: RuleDocument, path: Path, key: string, values: unknown, depth: number): Detection {
  const [field, ...modifiers] = key.split('|')
  // A mapping below a field is a nested field, as `winlog: {event_id: 1}`.
  if (isMapping(values)) {
    if (modifiers.length) return fail(document, path, 'structure', `${key}: a mapping where values were expected`)
    return prefixed(parseDetection(document, path, values, depth + 1), field)
  }
  return { kind: 'item', item: parseItem(document, path, field, modifiers, values) }
}

function prefixed(detection: Detection, field: string): Detection {
  if (detection.kind !== 'item') return { ...detection, parts: detection.parts.map((part) => prefixed(part, field)) }
  return {
    kind: 'item',
    item: inheritPath(detection.item, {
      ...detection.item,
      field: detection.item.field === undefined ? field : `${field}.${detection.item.field}`,
    }),
  }
}

function parseItem(
  document: RuleDocument,
  path: Path,
  field: string,
  modifiers: string[],
  values: unknown,
): DetectionItem {
  const list = Array.isArray(values) ? values : [values === undefined ? null : values]
  if (Array.isArray(values) && !values.length)
    return fail(document, path, 'structure', `${path.at(-1)}: the list of values is empty`)
  const wrong = list.findIndex((one) => !isPlain(one))
  if (wrong >= 0)
    return fail(
      document,
      [...path, wrong],
      'structure',
      `${path.at(-1)}: text, a number, true, false or null was expected`,
    )
  const isAll = (modifier: string) => modifier.toLowerCase() === 'all'
  const item: DetectionItem = {
    field: field === '' ? undefined : field,
    modifiers: modifiers.filter((one) => !isAll(one)),
    values: list as RuleValue[],
    all: modifiers.some(isAll),
  }
  placeItem(item, document, path)
  return item
}

const isPlain = (value: unknown): value is RuleValue =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
