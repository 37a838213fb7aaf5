// Checks of what a rule says about itself.
import { nearName } from '../near-name.ts'
import type { Mapping, Path } from '../parse/rule-document.ts'
import type { Fix } from './diagnostic.ts'
import { checkReferences } from './repeats.ts'
import { replacing, type Subject } from './subject.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const RELATIONS: readonly string[] = ['derived', 'obsolete', 'merged', 'renamed', 'similar']

export function checkMetadata(subject: Subject): void {
  const { rule, report } = subject
  if (rule.id === undefined) report('id-missing', ['id'], 'the rule has no id: give it a random UUID')
  else if (!UUID.test(rule.id)) report('id-form', ['id'], `"${rule.id}" is no UUID`)
  if (rule.title.length > 256)
    report('title-length', ['title'], `the title has ${rule.title.length} characters; 256 is the most`)
  if (rule.kind !== 'filter') {
    if (!rule.status) report('status-missing', [], 'the rule has no status')
    if (!rule.level) report('level-missing', [], 'the rule has no level')
    if (!rule.falsepositives.length)
      report('falsepositives-missing', [], 'the rule names no false positives: say what harmless thing looks like it')
  }
  if (!rule.description) report('description-missing', [], 'the rule has no description')
  if (!rule.author) report('author-missing', [], 'the rule has no author')
  if (!rule.references.length && rule.kind === 'rule')
    report('references-missing', [], 'the rule names no source of what it knows')
  if (!rule.date && rule.kind !== 'filter') report('date-missing', [], 'the rule does not say when it was made')
  if (rule.status === 'deprecated' && !rule.related.length)
    report('deprecated-related', ['status'], 'a deprecated rule says in "related" what took its place')
  if (rule.kind === 'filter') checkFilterKeys(subject)
  checkLists(subject)
  checkReferences(subject)
  checkDates(subject)
  checkRelated(subject)
  checkKeys(subject)
}

function checkDates(subject: Subject): void {
  const { rule, report } = subject
  for (const name of ['date', 'modified'] as const) {
    const date = rule[name]
    if (date === undefined || isDate(date)) continue
    report('date-form', [name], `${name} "${date}" is not YYYY-MM-DD`, dateFix(subject, name))
  }
  const { date, modified } = rule
  if (date && modified && isDate(date) && isDate(modified) && modified < date)
    report('date-order', ['modified'], `modified ${modified}, but made ${date}`)
}

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []
  const date = new Date(`${text}T00:00:00Z`)
  return year !== undefined && date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day)
}

/** The date format of Sigma 1, and days and months without their zero. */
const dateFix = (subject: Subject, name: string) =>
  replacing(subject, [name], 'value', `write ${name} with hyphens`, (written) => {
    const changed = written.replace(
      /(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/,
      (_, year: string, month: string, day: string) => [year, month.padStart(2, '0'), day.padStart(2, '0')].join('-'),
    )
    return isDate(changed.replace(/['"]/g, '').trim()) ? changed : undefined
  })

function checkRelated({ rule, raw, report }: Subject): void {
  if (raw.related === undefined || raw.related === null) return
  if (!Array.isArray(raw.related)) {
    report('related-form', ['related'], 'related: a list of {id, type} was expected')
    return
  }
  raw.related.forEach((one: unknown, at) => {
    const { id, type } = (typeof one === 'object' && one !== null ? one : {}) as Mapping
    if (typeof id !== 'string' || !UUID.test(id))
      report('related-form', ['related', at], 'a relation without the id of a rule')
    else if (id.toLowerCase() === rule.id) report('related-self', ['related', at], 'the rule is related to itself')
    if (typeof type !== 'string' || !RELATIONS.includes(type))
      report(
        'related-form',
        type === undefined ? ['related', at] : ['related', at, 'type'],
        `type "${String(type ?? '')}": one of ${RELATIONS.join(', ')} was expected`,
      )
  })
}

const KEYS = [
  'title',
  'id',
  'name',
  'related',
  'taxonomy',
  'status',
  'description',
  'license',
  'author',
  'references',
  'date',
  'modified',
  'logsource',
  'detection',
  'fields',
  'falsepositives',
  'level',
  'tags',
  'scope',
  'correlation',
  'filter',
] // prettier-ignore

/** A custom key is allowed; one that is almost a known one was meant to be it. */
function checkKeys(subject: Subject): void {
  const { raw, report } = subject
  for (const key of Object.keys(raw)) {
    if (KEYS.includes(key)) continue
    const meant = nearName(key, KEYS)
    if (meant === undefined || meant in raw) continue
    const fix = replacing(subject, [key], 'key', `write "${meant}"`, () => meant)
    report('key-typo', [key], `"${key}" is no key of Sigma: "${meant}" was meant?`, fix)
  }
}

/** Where a list stands, other tools refuse a text. */
function checkLists(subject: Subject): void {
  const { raw, report } = subject
  for (const key of ['references', 'tags', 'falsepositives', 'fields'])
    if (typeof raw[key] === 'string')
      report('list-form', [key], `${key} is a list: "- …" on a line of its own`, listFix(subject, [key]))
}

/** The one text becomes the one entry of a list. */
function listFix(subject: Subject, path: Path): Fix | undefined {
  const key = subject.span(path, 'key')
  const value = subject.span(path, 'value')
  if (!key || !value) return undefined
  const [between, written] = [subject.text.slice(key.end, value.start), subject.text.slice(value.start, value.end)]
  if (!/^: +$/.test(between) || /[\n>|&*!]/.test(written)) return undefined
  const newline = subject.text.includes('\r\n') ? '\r\n' : '\n'
  return { title: 'make it a list', start: key.end, end: value.end, text: `:${newline}    - ${written}` }
}

/** A filter is no detection of its own (Sigma filters specification). */
function checkFilterKeys({ raw, report }: Subject): void {
  for (const key of ['level', 'status'])
    if (key in raw) report('filter-metadata', [key], `${key} says nothing of a filter: its rules have their own`)
}
