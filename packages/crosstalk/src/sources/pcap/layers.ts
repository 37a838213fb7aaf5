// One packet as tshark tells it (`-T ek`): an object a layer, its fields named `smb2_smb2_filename` for smb2.filename, values as text; what comes several times is a
// list in the packet's order. tshark's output is not trusted to have any form.
import { type Fields, parseMerging, type Value } from './merging-json.ts'

export type { Fields }

export interface Dissection {
  /** the packet's number */
  readonly frame: number
  /** bytes captured of it, as tshark counts */
  readonly captured: number
  readonly layers: Fields
}

/** Line of an index that Elasticsearch wants before each document. */
const INDEX_LINE = Buffer.from('{"index"')

/** undefined: the line tells no packet. */
export function parseDissection(line: Buffer): Dissection | undefined {
  if (line.length === 0 || line.subarray(0, INDEX_LINE.length).equals(INDEX_LINE)) return undefined
  const layers = parseMerging(line.toString('utf8'))?.layers
  if (!isFields(layers)) return undefined
  const frame = layersNamed(layers, 'frame').at(0)
  const number = frame && numberIn(frame, 'frame_frame_number')
  if (!frame || number === undefined) return undefined
  return { frame: number, captured: numberIn(frame, 'frame_frame_cap_len') ?? -1, layers }
}

const isFields = (value: Value | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The layers of that name side by side, outermost first. */
export function layersNamed(layers: Fields, name: string): readonly Fields[] {
  const value = layers[name]
  return Array.isArray(value) ? value.filter(isFields) : isFields(value) ? [value] : []
}

/** The values of a field, in order. */
export function valuesIn(fields: Fields, name: string): readonly string[] {
  const value = fields[name]
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

export const textIn = (fields: Fields, name: string): string | undefined => valuesIn(fields, name).at(0)

/** A number, decimal or hexadecimal. */
export function numberIn(fields: Fields, name: string): number | undefined {
  const text = textIn(fields, name)
  const value = text === undefined || text === '' ? Number.NaN : Number(text)
  return Number.isNaN(value) ? undefined : value
}

/** A flag; versions write it as true, True or 1. */
export const flagIn = (fields: Fields, name: string): boolean => /^(?:true|1)$/i.test(textIn(fields, name) ?? '')

/** deeper layers are not looked for */
const MAX_DEPTH = 24

/** Objects anywhere below that have a field of that name, outermost first. */
export function withField(fields: Fields, name: string, depth = 0): Fields[] {
  const found: Fields[] = Object.hasOwn(fields, name) ? [fields] : []
  if (depth >= MAX_DEPTH) return found
  for (const value of Object.values(fields)) {
    if (isFields(value)) found.push(...withField(value, name, depth + 1))
    else if (Array.isArray(value))
      for (const one of value) if (isFields(one)) found.push(...withField(one, name, depth + 1))
  }
  return found
}
