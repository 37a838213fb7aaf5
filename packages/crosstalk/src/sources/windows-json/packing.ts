// Event data that a collector packed into one value, taken out again. Never throws: what can't be taken out gives no fields.
import type { FieldValue } from '@crosstalk/sigma'
import { positionalNames } from '../../events/positional-fields.ts'
import { parseEventXml } from '../windows-xml/event-xml.ts'

/**
 * `xml`: an <EventData> in a string. `json`: an object in a string. `named-list`: a list of {"@Name", "#text"}. `inserts`: values by position.
 * `evtxecmd`: {"EventData": {"Data": [{"@Name", "#text"}]}} or {"UserData": …} in a string.
 */
export type Packing = 'xml' | 'json' | 'named-list' | 'inserts' | 'evtxecmd'

export type NamedValue = readonly [name: string, value: FieldValue]

interface Tree {
  readonly [name: string]: FieldValue
}

const MAX_FIELDS = 2_000

export function unpack(as: Packing, value: FieldValue | undefined, provider: string, eventId: number): NamedValue[] {
  if (value === undefined || value === null || value === '') return []
  if (as === 'xml') return typeof value === 'string' ? unpackXml(value, provider, eventId) : []
  if (as === 'named-list') return dataFields(value, provider, eventId)
  if (as === 'inserts') return isList(value) ? byPosition(value, provider, eventId) : []
  const tree = typeof value === 'string' ? parseTree(value) : isTree(value) ? value : undefined
  if (!tree) return []
  return as === 'json' ? leaves(tree, '') : unpackPayload(tree, provider, eventId)
}

const isTree = (value: FieldValue | undefined): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isList = (value: FieldValue | undefined): value is readonly FieldValue[] => Array.isArray(value)

function parseTree(text: string): Tree | undefined {
  try {
    const value = JSON.parse(text) as FieldValue
    return isTree(value) ? value : undefined
  } catch {
    return undefined
  }
}

function unpackXml(xml: string, provider: string, eventId: number): NamedValue[] {
  const { data, unnamed } = parseEventXml(xml)
  return [...data, ...byPosition(unnamed, provider, eventId)]
}

function unpackPayload(tree: Tree, provider: string, eventId: number): NamedValue[] {
  if (isTree(tree.EventData)) {
    const { Data, ...others } = tree.EventData
    return [...(Data === undefined ? [] : dataFields(Data, provider, eventId)), ...leaves(others, '')]
  }
  return isTree(tree.UserData) ? leafNames(tree.UserData) : leaves(tree, '')
}

/** <Data> elements: one or many, with or without names; unnamed ones EvtxECmd joins with commas. */
function dataFields(data: FieldValue, provider: string, eventId: number): NamedValue[] {
  const fields: NamedValue[] = []
  const unnamed: FieldValue[] = []
  for (const one of isList(data) ? data : [data]) {
    if (!isTree(one)) unnamed.push(one)
    else {
      const name = one['@Name'] ?? one.Name ?? (isTree(one['#attributes']) ? one['#attributes'].Name : undefined)
      const value = one['#text'] ?? one['#cdata-section'] ?? one.value ?? ''
      if (typeof name === 'string' && name !== '') fields.push([name, value])
      else unnamed.push(value)
    }
  }
  return [...fields, ...byPosition(unnamed, provider, eventId)]
}

/** Values without names: by their names where the event is known, and always as the list Data, as in the event log itself. */
function byPosition(values: readonly FieldValue[], provider: string, eventId: number): NamedValue[] {
  if (values.length === 0) return []
  const names = positionalNames(provider, eventId, values.length)
  const data: NamedValue = ['Data', values.length === 1 ? values[0] : values]
  return names ? [...names.map((name, i): NamedValue => [name, values[i]]), data] : [data]
}

/** Fields of nested objects, by dotted names. */
function leaves(tree: Tree, prefix: string): NamedValue[] {
  const fields: NamedValue[] = []
  for (const [name, value] of Object.entries(tree)) {
    if (fields.length > MAX_FIELDS) break
    if (isTree(value)) fields.push(...leaves(value, `${prefix}${name}.`))
    else fields.push([prefix + name, value])
  }
  return fields
}

/** Fields of nested objects, by their last name; attributes (`@xmlns`) are left out. */
function leafNames(tree: Tree): NamedValue[] {
  return leaves(tree, '')
    .map(([name, value]): NamedValue => [name.slice(name.lastIndexOf('.') + 1), value])
    .filter(([name]) => !name.startsWith('@'))
}
