// A record's tree as JSON in the form of evtx_dump: attributes in "#attributes", text beside them in "#text", EventData's and UserData's
// Data elements by their Name, names that come again with _1, _2 …
import { EvtxError } from './damage.ts'
import { Limit } from './format.ts'
import type { TreeAttribute, TreeElement, TreeNode } from './tree-nodes.ts'

let outputLeft: number = Limit.recordOutput

/** Allows one record's, or one program's, worth of text. */
export function startJson(): void {
  outputLeft = Limit.recordOutput
}

/** The record as one line of JSON. Throws an EvtxError when it would be too large. */
export function treeJson(roots: readonly TreeElement[]): string {
  startJson()
  const [root] = roots
  return root ? `{${key(root.name, 0)}${elementValue(root, false)}}` : '{"Event":null}'
}

/** A string without the quotes around it, escaped as evtx_dump does: controls as \u with upper-case digits. */
export function jsonText(text: string): string {
  spend(text.length)
  let escaped = JSON.stringify(text).slice(1, -1)
  if (escaped.includes('\\u00'))
    escaped = escaped.replace(/\\u00([01])([a-f])/g, (_, high, low) => `\\u00${high}${low.toUpperCase()}`)
  if (escaped.includes('\\ud')) escaped = escaped.replace(/\\ud[89a-f][0-9a-f]{2}/g, '\ufffd')
  return escaped
}

function spend(characters: number): void {
  outputLeft -= characters + 1
  if (outputLeft < 0) throw new EvtxError('too-large', `a record is larger than ${Limit.recordOutput} bytes of JSON`)
}

function key(name: string, repeat: number): string {
  return `"${jsonText(name)}${repeat ? `_${repeat}` : ''}":`
}

function textOf(nodes: readonly TreeNode[]): string {
  let text = ''
  for (const node of nodes) if (node.kind === 'text' || node.kind === 'markup') text += node.text
  return text
}

/** True for a piece that makes its element, or attribute, one with a value. */
export function hasContent(node: TreeNode): boolean {
  return node.kind === 'text' ? node.text !== '' : node.kind === 'markup'
}

function content(nodes: readonly TreeNode[]): string {
  const texts = nodes.filter((node) => node.kind !== 'element' && (node.kind !== 'text' || node.text !== ''))
  const [first] = texts
  if (texts.length === 1 && first.kind === 'text' && first.bare) {
    spend(first.text.length)
    return first.text
  }
  return `"${jsonText(textOf(nodes))}"`
}

/** `"#attributes":{…}`; '' when no attribute has a value. */
export function attributesObject(attributes: readonly TreeAttribute[]): string {
  const members = attributes
    .filter((attribute) => attribute.value.some(hasContent))
    .map((attribute) => `${key(attribute.name, 0)}${content(attribute.value)}`)
  return members.length ? `"#attributes":{${members.join(',')}}` : ''
}

function isElement(node: TreeNode): node is TreeElement {
  return node.kind === 'element'
}

/** An element's value, without its name; `isContainer` for EventData and UserData, whose Data elements are members by their names. */
export function elementValue(element: TreeElement, isContainer: boolean): string {
  const attributes = attributesObject(element.attributes)
  const hasText = element.children.some(hasContent)
  const hasElement = element.children.some(isElement)
  if (!attributes && !hasText && !hasElement) return 'null'
  if (!attributes && !hasElement) return content(element.children)
  return elementObject(element, isContainer, attributes, hasText)
}

/** A Data element's value: its name is the key, so its attributes do not stand in it. */
export function dataValue(element: TreeElement): string {
  const hasText = element.children.some(hasContent)
  if (element.children.some(isElement)) return elementObject(element, false, '', hasText)
  return hasText ? content(element.children) : '""'
}

function dataName(element: TreeElement): string | undefined {
  const name = element.attributes.find((attribute) => attribute.name === 'Name')
  return name?.value.some(hasContent) ? textOf(name.value) : undefined
}

function elementObject(element: TreeElement, isContainer: boolean, attributes: string, hasText: boolean): string {
  const members: string[] = attributes ? [attributes] : []
  if (hasText) members.push(`"#text":${content(element.children)}`)
  const children = element.children.filter(isElement)
  const data = isContainer ? children.filter((child) => child.name === 'Data') : []
  const isNamed = data.some((child) => dataName(child) !== undefined)
  const seen = new Map<string, number>()
  const seenNames = new Map<string, number>()
  let positionalDone = false
  for (let i = 0; i < children.length; i++) {
    const child = children[i]
    if (!isContainer || child.name !== 'Data') {
      members.push(`${key(child.name, count(seen, child.name))}${elementValue(child, isDataContainer(child.name))}`)
      continue
    }
    if (!isNamed) {
      if (!positionalDone) members.push(`"Data":{"#text":${list(data)}}`)
      positionalDone = true
      continue
    }
    const name = dataName(child)
    if (name === undefined) continue
    // Several of one name in a row, as an array value makes them, are one list.
    const run = [child]
    while (i + 1 < children.length && children[i + 1].name === 'Data' && dataName(children[i + 1]) === name)
      run.push(children[++i])
    members.push(`${key(name, count(seenNames, name))}${list(run)}`)
  }
  return `{${members.join(',')}}`
}

function list(elements: readonly TreeElement[]): string {
  return elements.length === 1 ? dataValue(elements[0]) : `[${elements.map(dataValue).join(',')}]`
}

/** True for the elements whose Data children are members by their names. */
export function isDataContainer(name: string): boolean {
  return name === 'EventData' || name === 'UserData'
}

/** How often the name was seen before. */
function count(seen: Map<string, number>, name: string): number {
  const before = seen.get(name) ?? 0
  seen.set(name, before + 1)
  return before
}
