// hashes_fields, extract_fields, regex: detection items that become items of other fields or of another kind.
import type { Detection, DetectionItem, RuleValue } from '../rule.ts'
import { PipelineError, type PipelineItem } from './pipeline.ts'
import { pythonRegex } from './python-regex.ts'
import { asText, isLeft, isText, regexBody, shown } from './text.ts'

const itemOf = (field: string | undefined, values: readonly RuleValue[]): Detection => ({
  kind: 'item',
  item: { field, modifiers: [], values, all: false },
})

/** Texts of an item, as pySigma shows them; undefined when something else is among its values. */
function textsOf(item: DetectionItem): readonly string[] | undefined {
  if (!isText(item) || isLeft(item)) return undefined
  const { values } = asText(item)
  return values.every((value) => typeof value === 'string') ? (values as readonly string[]).map(shown) : undefined
}

const HASH_LENGTHS: Readonly<Record<number, string>> = { 32: 'MD5', 40: 'SHA1', 64: 'SHA256', 128: 'SHA512' }

/** `Hashes: SHA1=…` → `FileSHA1: …`. */
export function hashesFields({ parameters, location }: PipelineItem, item: DetectionItem): Detection {
  const {
    field_prefix: prefix,
    drop_algo_prefix: drop,
    field_to_parse: fields,
  } = parameters as { field_prefix?: string; drop_algo_prefix?: boolean; field_to_parse?: string[] }
  const valid = parameters.valid_hash_algos as readonly string[]
  const texts = (fields ?? ['Hashes', 'Hash']).includes(item.field ?? '') ? textsOf(item) : undefined
  if (!texts) return { kind: 'item', item }
  const byField = new Map<string, RuleValue[]>()
  for (const text of texts) {
    const parts = text.split(text.includes('|') ? '|' : '=')
    const hash = (parts.length === 2 ? parts[1] : parts[0]).replace(/^[*?]+|[*?]+$/g, '')
    const kind = parts.length === 2 ? parts[0].replace(/^\*+/, '').toUpperCase() : (HASH_LENGTHS[hash.length] ?? '')
    if (!valid.includes(kind)) continue
    const field = `${prefix ?? ''}${drop === true ? '' : kind}`
    if (field) byField.set(field, [...(byField.get(field) ?? []), hash])
  }
  if (!byField.size) throw new PipelineError('failure', `no hash of ${valid.join(', ')} in ${item.field}`, location)
  const made = [...byField].map(([field, values]) => itemOf(field === 'keyword' ? undefined : field, values))
  return made.length === 1 ? made[0] : { kind: 'or', parts: made }
}

/** What the named groups of a regular expression find becomes items of fields of these names. */
export function extractFields({ parameters, location }: PipelineItem, item: DetectionItem): Detection {
  const { regex, field_prefix: prefix, preserve_unmatched: preserves } = parameters
  const pattern = pythonRegex(String(regex), location, '^')
  const texts = textsOf(item)
  const { values } = asText(item)
  const made = (texts ?? []).flatMap((text, at): Detection[] => {
    const match = pattern.exec(text)
    if (!match) return preserves === true ? [itemOf(item.field, [values[at]])] : []
    const parts = Object.entries(match.groups ?? {}).flatMap(([name, found]) =>
      found ? [itemOf(typeof prefix === 'string' && prefix ? `${prefix}.${name}` : name, [typed(found)])] : [],
    )
    return parts.length > 1 ? [{ kind: 'and', parts }] : parts
  })
  if (!made.length) return { kind: 'item', item }
  return made.length === 1 ? made[0] : { kind: item.all ? 'and' : 'or', parts: made }
}

/** A number stays text when it begins with a zero. */
function typed(text: string): RuleValue {
  if (/^(?:null|none)$/i.test(text)) return null
  return text === '0' || /^(?!0)[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text
}

/** Text becomes a regular expression over the whole value; null stays what it is. */
export function regexItem({ parameters: { method }, location }: PipelineItem, item: DetectionItem): Detection {
  const unchanged: Detection = { kind: 'item', item }
  if (item.modifiers.includes('expand'))
    throw new PipelineError('failure', 'regex: placeholders can’t be in it; replace them before', location)
  if (!isText(item) || isLeft(item)) return unchanged
  const text = asText(item)
  if (!text.values.some((value) => typeof value === 'string')) return unchanged
  const values = text.values.filter((value) => value !== null).map((value) => `^${regexBody(String(value))}$`)
  // Brackets for every letter say what the flag says.
  const flags = method === 'plain' ? [] : ['i']
  const modifiers = [...text.modifiers.filter((one) => one !== 'cased'), 're', ...flags, 's']
  const made: Detection = { kind: 'item', item: { ...text, modifiers, values } }
  if (values.length === text.values.length) return made
  const nothing: Detection = {
    kind: 'item',
    item: { ...item, modifiers: item.modifiers.filter((one) => one === 'neq'), values: [null] },
  }
  return { kind: item.all || item.modifiers.includes('neq') ? 'and' : 'or', parts: [made, nothing] }
}
