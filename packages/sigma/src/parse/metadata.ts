// What a rule says of itself, and which events it is for.
import type { LogSource } from '../log-source.ts'
import type { Level, RuleMetadata, Status } from '../rule.ts'
import { fail, isMapping, nearKey, optionalText, type Path, type RuleDocument } from './rule-document.ts'

/** From the least to the most. */
export const LEVELS: readonly string[] = ['informational', 'low', 'medium', 'high', 'critical']
/** From the most to the least mature. */
export const STATUSES: readonly string[] = ['stable', 'test', 'experimental', 'deprecated', 'unsupported']
/** Attributes of a rule that are text or lists of it. */
export const TEXT_ATTRIBUTES = [
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
  'scope',
] as const // prettier-ignore
const KNOWN: ReadonlySet<string> = new Set([
  ...TEXT_ATTRIBUTES,
  'related',
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
