// A YAML document becomes a rule: checked once here, trusted afterwards. Anything wrong is a SigmaError that says where.
import { ConditionError, parseCondition } from '../condition/parse.ts'
import { SigmaError, type SigmaErrorCode } from '../errors.ts'
import type { LogSource } from '../log-source.ts'
import { nearName } from '../near-name.ts'
import type {
  Condition,
  CorrelationRule,
  Detection,
  DetectionItem,
  DetectionRule,
  Level,
  Location,
  Rule,
  RuleMetadata,
  RuleValue,
  Status,
} from '../rule.ts'
import { parseAggregation } from './aggregation.ts'
import { parseCorrelation, timespanOf } from './correlation.ts'
import { parseFilter } from './filter.ts'
import type { YamlDocument } from './yaml.ts'

export type Path = readonly (string | number)[]
export type Mapping = Record<string, unknown>

/** One document under the parser's eyes. */
export interface RuleDocument extends YamlDocument {
  value: Mapping
}

/** A key that is almost one of the names. */
function nearKey(value: Mapping, names: readonly string[]): { key: string; name: string } | undefined {
  for (const key of Object.keys(value)) {
    const name = nearName(key, names)
    if (name !== undefined) return { key, name }
  }
  return undefined
}

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function fail(document: YamlDocument, path: Path, code: SigmaErrorCode, message: string): never {
  throw new SigmaError(code, message, document.locate(path))
}

/** Where the parts of parsed rules stand; asked only when something is wrong with one. */
const documents = new WeakMap<object, YamlDocument>()
const itemPlaces = new WeakMap<DetectionItem, { document: YamlDocument; path: Path }>()

/** Where a part of a parsed rule stands: a path of the document, or one of its detection items. */
export function locationIn(rule: RuleMetadata, part: Path | DetectionItem): Location {
  if (Array.isArray(part)) return documents.get(rule)?.locate(part as Path) ?? rule.source
  const place = itemPlaces.get(part as DetectionItem)
  return place ? place.document.locate(place.path) : rule.source
}

/** Says that a rule was made from another, and stands where that one does. */
export function standsWhere<R extends RuleMetadata>(made: R, from: RuleMetadata): R {
  const document = documents.get(from)
  if (document) documents.set(made, document)
  return made
}

export interface ParsedDocument {
  /** one rule; two where Sigma 1 said in one what is a rule and a correlation now */
  readonly rules: readonly Rule[]
  /** forms of Sigma 1 that were read */
  readonly deprecated: readonly SigmaError[]
}

/** The path of a detection item in its document; undefined for items that were not parsed. */
export const pathOf = (item: DetectionItem): Path | undefined => itemPlaces.get(item)?.path

/** Parses one document. Throws SigmaError. */
export function parseRule(document: YamlDocument): ParsedDocument {
  const deprecated: SigmaError[] = []
  const rules = parseKind(document, deprecated)
  for (const rule of rules) documents.set(rule, document)
  return { rules, deprecated }
}

/** The document that a rule was parsed from. */
export const documentOf = (rule: RuleMetadata): YamlDocument | undefined => documents.get(rule)

function parseKind(document: YamlDocument, deprecated: SigmaError[]): Rule[] {
  if (!isMapping(document.value))
    fail(document, [], 'structure', 'a rule is a mapping (title: …, logsource: …, detection: …)')
  const ours = document as RuleDocument
  if ('correlation' in ours.value) return [parseCorrelation(ours)]
  if ('filter' in ours.value) return [parseFilter(ours)]
  if ('detection' in ours.value) return parseDetectionRule(ours, deprecated)
  const meant = nearKey(ours.value, ['detection', 'correlation', 'filter'])
  return fail(
    ours,
    meant ? [meant.key] : [],
    'structure',
    meant
      ? `"${meant.key}" is no key of Sigma: "${meant.name}" was meant?`
      : 'neither detection, nor correlation, nor filter: this is no Sigma rule',
  )
}

function parseDetectionRule(document: RuleDocument, deprecated: SigmaError[]): Rule[] {
  const { detections, conditions, aggregation } = parseDetectionSection(document, ['detection'])
  const timeframe = optionalText(document, ['detection', 'timeframe'], (document.value.detection as Mapping).timeframe)
  const rule: DetectionRule = {
    kind: 'rule',
    ...parseMetadata(document),
    logSource: parseLogSource(document, ['logsource']),
    detections,
    conditions,
    timeframe,
  }
  if (aggregation !== undefined) return aggregated(document, rule, aggregation, deprecated)
  if (timeframe !== undefined)
    note(
      document,
      ['detection', 'timeframe'],
      'timeframe is Sigma 1, and without an aggregation it means nothing',
      deprecated,
    )
  return [rule]
}

function note(document: YamlDocument, path: Path, message: string, deprecated: SigmaError[]): void {
  deprecated.push(new SigmaError('deprecated', message, document.locate(path)))
}

/** A rule with an aggregation is a rule that gives no matches of its own and the correlation that bears its name. */
function aggregated(document: RuleDocument, rule: DetectionRule, text: string, deprecated: SigmaError[]): Rule[] {
  const path = ['detection', 'condition']
  const aggregation = parseAggregation(text)
  if (typeof aggregation === 'string') return fail(document, path, 'unsupported', aggregation)
  if (rule.timeframe === undefined)
    return fail(document, path, 'unsupported', 'the aggregation behind "|" has no timeframe to count over')
  const timespan = timespanOf(rule.timeframe)
  if (timespan === undefined)
    return fail(document, ['detection', 'timeframe'], 'value', `timeframe "${rule.timeframe}": 30s, 15m, 1h, 7d …`)
  note(document, path, 'aggregations behind "|" are Sigma 1: write a correlation rule instead', deprecated)
  const events = `${rule.id ?? rule.title}#events`.toLowerCase()
  const correlation: CorrelationRule = {
    ...parseMetadata(document),
    kind: 'correlation',
    type: aggregation.type,
    rules: [events],
    groupBy: aggregation.groupBy,
    timespan,
    aliases: new Map(),
    condition: { bounds: [aggregation.bound], ...(aggregation.field !== undefined && { field: [aggregation.field] }) },
    generate: false,
  }
  return [{ ...rule, id: events, name: undefined, title: `${rule.title} (events)` }, correlation]
}

const LEVELS: readonly string[] = ['informational', 'low', 'medium', 'high', 'critical']
const STATUSES: readonly string[] = ['stable', 'test', 'experimental', 'deprecated', 'unsupported']
const KNOWN = new Set([
  'title',
  'id',
  'name',
  'status',
  'level',
  'description',
  'author',
  'date',
  'modified',
  'license',
  'references',
  'tags',
  'falsepositives',
  'fields',
  'related',
  'scope',
  'taxonomy',
  'logsource',
  'detection',
  'correlation',
  'filter',
]) // prettier-ignore

export function parseMetadata(document: RuleDocument): RuleMetadata {
  const { value } = document
  const text = (name: string) => optionalText(document, [name], value[name])
  const title = text('title')
  if (!title) {
    const meant = nearKey(value, ['title'])?.key ?? 'title'
    fail(
      document,
      [meant],
      'structure',
      `the rule has no title${meant === 'title' ? '' : `: "${meant}" was meant to be "title"?`}`,
    )
  }
  const level = text('level')?.toLowerCase()
  if (level !== undefined && !LEVELS.includes(level))
    fail(document, ['level'], 'structure', `level "${level}": one of ${LEVELS.join(', ')} was expected`)
  const status = text('status')?.toLowerCase()
  if (status !== undefined && !STATUSES.includes(status))
    fail(document, ['status'], 'structure', `status "${status}": one of ${STATUSES.join(', ')} was expected`)
  return {
    title,
    id: text('id')?.toLowerCase(),
    name: text('name'),
    status: status as Status | undefined,
    level: level as Level | undefined,
    description: text('description'),
    author: text('author'),
    date: text('date'),
    modified: text('modified'),
    license: text('license'),
    references: texts(document, 'references'),
    tags: texts(document, 'tags'),
    falsepositives: texts(document, 'falsepositives'),
    fields: texts(document, 'fields'),
    related: parseRelated(value.related),
    scope: value.scope === undefined ? undefined : texts(document, 'scope'),
    source: document.locate([]),
    custom: Object.fromEntries(Object.entries(value).filter(([name]) => !KNOWN.has(name))),
  }
}

function parseRelated(value: unknown): { id: string; type: string }[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((one) =>
    isMapping(one) && typeof one.id === 'string' ? [{ id: one.id.toLowerCase(), type: String(one.type ?? '') }] : [],
  )
}

export function optionalText(document: YamlDocument, path: Path, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return fail(document, path, 'structure', `${path.at(-1)}: text was expected`)
}

function texts(document: RuleDocument, name: string): string[] {
  const value = document.value[name]
  if (value === undefined || value === null) return []
  if (Array.isArray(value))
    return value
      .filter((one) => one !== null && one !== undefined)
      .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
  return typeof value === 'string'
    ? [value]
    : fail(document, [name], 'structure', `${name}: a list of texts was expected`)
}

export function parseLogSource(document: RuleDocument, path: Path): LogSource & { definition?: string } {
  const value = document.value.logsource
  if (!isMapping(value)) {
    const meant = nearKey(document.value, ['logsource'])?.key ?? 'logsource'
    const hint = meant === 'logsource' ? '' : ` ("${meant}" was meant to be it?)`
    return fail(
      document,
      [meant],
      'structure',
      `logsource is missing: product, category, service (at least one)${hint}`,
    )
  }
  const text = (name: string) => optionalText(document, [...path, name], value[name])?.toLowerCase()
  const source = {
    product: text('product'),
    category: text('category'),
    service: text('service'),
    definition: optionalText(document, [...path, 'definition'], value.definition),
  }
  if (!source.product && !source.category && !source.service)
    fail(document, path, 'structure', 'logsource names neither product, category nor service')
  return Object.fromEntries(Object.entries(source).filter(([, one]) => one !== undefined))
}

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
  itemPlaces.set(item, { document, path })
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

function inheritPath(from: DetectionItem, to: DetectionItem): DetectionItem {
  const place = itemPlaces.get(from)
  if (place) itemPlaces.set(to, place)
  return to
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
  itemPlaces.set(item, { document, path })
  return item
}

const isPlain = (value: unknown): value is RuleValue =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
