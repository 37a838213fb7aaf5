// Which groups an event belongs to. Values are compared as Sigma compares texts: without case. An event that lacks one of the group's fields belongs to none.
import { createHash } from 'node:crypto'
import type { FieldValue } from '../event.ts'
import { fold } from '../modifiers/folding.ts'

/** So many bytes count as one event. */
export const BYTES_OF_AN_EVENT = 128

/** A field with several values puts an event into a group for each, up to this many groups. */
export const MAX_GROUPS_PER_EVENT = 64

/** Values of one field of an event, as text; empty when the field is absent or null. */
export type Texts = readonly string[]

export const NO_TEXTS: Texts = []

/** The texts of a value: of a list, each of its entries. */
export function textsOf(value: FieldValue | undefined): Texts {
  if (value === undefined || value === null) return NO_TEXTS
  if (typeof value !== 'object') return [String(value)]
  if (Array.isArray(value)) {
    const texts = value.filter((one) => one !== null && one !== undefined && typeof one !== 'object').map(String)
    return texts.length > 1 ? [...new Set(texts)] : texts
  }
  return [JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? one.toString() : one))]
}

export interface GroupKey {
  /** the same for events of the same group */
  readonly key: string
  /** the values as they were written, joined (`joinTexts`); the very same string as the key where folding changes nothing */
  readonly written: string
}

const SEPARATOR = '\u0000\u0000'
const NUL = /\u0000/g

/** Several texts as one, so that no two lists of texts are the same: a NUL in a text is never followed by another. */
export function joinTexts(texts: Texts): string {
  if (texts.length === 1) return texts[0]
  return texts.map((text) => (text.includes('\u0000') ? text.replace(NUL, '\u0000\u0001') : text)).join(SEPARATOR)
}

/** The texts that were joined; `count`: how many. */
export function splitTexts(joined: string, count: number): Texts {
  if (count === 0) return NO_TEXTS
  if (count === 1) return [joined]
  return joined.split(SEPARATOR).map((text) => text.replaceAll('\u0000\u0001', '\u0000'))
}

/** Longer keys are kept as their digests: what is remembered of a value does not grow with it. */
const LONGEST_KEY = 128
const DIGEST = '\u0000\u0000\u0000'

function shortened(text: string): string {
  if (text.length <= LONGEST_KEY && !text.startsWith(DIGEST)) return text
  return DIGEST + createHash('sha256').update(text, 'utf16le').digest('base64')
}

export const keyOf = (texts: Texts): string => shortened(fold(joinTexts(texts)))

/** What texts are worth in events: none as long as they are short. */
export const weightOfTexts = (characters: number): number => Math.floor(characters / BYTES_OF_AN_EVENT)

/** The groups of an event with these values, one list a field. `onMore` is called when there are more than are taken. */
export function groupKeys(fields: readonly Texts[], onMore: () => void): readonly GroupKey[] {
  let rows: Texts[] = [[]]
  for (const texts of fields) {
    if (texts.length === 0) return []
    if (texts.length === 1) for (const row of rows) (row as string[]).push(texts[0])
    else rows = rows.flatMap((row) => texts.slice(0, MAX_GROUPS_PER_EVENT + 1).map((text) => [...row, text]))
    if (rows.length > MAX_GROUPS_PER_EVENT) {
      rows.length = MAX_GROUPS_PER_EVENT
      onMore()
    }
  }
  return rows.map((texts) => {
    const written = joinTexts(texts)
    return { key: shortened(fold(written)), written }
  })
}
