// A record as a tree: the slow and complete way to read it, for XML and for the few records whose JSON is not made for speed.
// Arrays are expanded in it, elements that depend on a null left out, text runs and fragments resolved.

import { characterText, entityText } from './characters.ts'
import { chunk, slotEnds, slotFragments, slotStarts, slotTypes } from './chunk.ts'
import { EvtxError } from './damage.ts'
import { Limit, ValueType } from './format.ts'
import type { Layout } from './layout.ts'
import { literalText, literalType } from './literals.ts'
import type { Program } from './program.ts'
import { cdataXml, runPieces } from './text-run.ts'
import { Op } from './tokens.ts'
import type { TreeArray, TreeAttribute, TreeElement, TreeNode, TreeSlot, TreeText } from './tree-nodes.ts'
import { arrayItems, isBare, isBareType, isEmptyValue, valueText } from './values.ts'

/** The tree of a program, with slots in it. */
export function programTree(program: Program): TreeNode[] {
  program.tree ??= buildTree(program)
  return program.tree
}

interface Open {
  name: string
  dependency: number
  attributes: TreeAttribute[]
  children: TreeNode[]
}

function buildTree(program: Program): TreeNode[] {
  const { code } = program
  const roots: TreeNode[] = []
  const stack: Open[] = []
  let value: TreeNode[] | undefined
  let inTag = false
  const add = (node: TreeNode) => {
    if (inTag) value?.push(node)
    else if (stack.length) stack[stack.length - 1].children.push(node)
    else roots.push(node)
  }
  const close = (selfClosing: boolean) => {
    const { name, dependency, attributes, children } = stack.pop() as Open
    // An attribute without a value is none.
    add({
      kind: 'element',
      name,
      dependency,
      selfClosing,
      attributes: attributes.filter((attribute) => attribute.value.length),
      children,
    })
  }
  for (let i = 0; i < code.length; ) {
    const operand = code[i + 1]
    switch (code[i]) {
      case Op.Open:
        stack.push({ name: literalText(operand), dependency: code[i + 2], attributes: [], children: [] })
        inTag = true
        value = undefined
        i += 3
        break
      case Op.Attribute:
        value = []
        stack[stack.length - 1].attributes.push({ name: literalText(operand), value })
        i += 2
        break
      case Op.CloseStart:
        inTag = false
        i++
        break
      case Op.CloseEmpty:
        inTag = false
        close(true)
        i++
        break
      case Op.End:
        close(false)
        i++
        break
      case Op.Slot:
        add({ kind: 'slot', slot: operand, optional: code[i + 2] === 1 })
        i += 3
        break
      case Op.Literal:
        add({ kind: 'text', text: literalText(operand), bare: isBareType(literalType(operand)) })
        i += 2
        break
      case Op.CData:
        add({ kind: 'markup', text: literalText(operand), xml: cdataXml(literalText(operand)) })
        i += 2
        break
      case Op.CharRef:
        add({ kind: 'markup', text: characterText(operand), xml: `&#${operand};` })
        i += 2
        break
      case Op.EntityRef:
        add({ kind: 'markup', text: entityText(literalText(operand)), xml: `&${literalText(operand)};` })
        i += 2
        break
      case Op.PITarget:
        add({ kind: 'instruction', xml: `<?${literalText(operand)}` })
        i += 2
        break
      default:
        add({ kind: 'instruction', xml: ` ${literalText(operand)}?>` })
        i += 2
    }
  }
  return roots
}

let nodesLeft = 0

/** The tree of the record under the cursor: its roots, normally one. Throws an EvtxError when it would be too large. */
export function recordTree(layout: Layout): TreeElement[] {
  nodesLeft = Limit.treeNodes
  return fragmentTree(layout, 0).filter((node) => node.kind === 'element')
}

function fragmentTree(layout: Layout, fragment: number): TreeNode[] {
  const nodes: TreeNode[] = []
  for (const node of programTree(layout.programs[fragment])) resolve(node, layout, layout.bases[fragment], nodes, true)
  return nodes
}

function spend(nodes: number): void {
  nodesLeft -= nodes
  if (nodesLeft < 0)
    throw new EvtxError('too-large', `a record unfolds to more than ${Limit.treeNodes} elements and values`)
}

/** Appends what the program's node is in this record. A root is never left out. */
function resolve(node: TreeNode, layout: Layout, base: number, into: TreeNode[], isRoot: boolean): void {
  spend(1)
  if (node.kind === 'slot') {
    resolveSlot(node, layout, base, into)
    return
  }
  if (node.kind !== 'element') {
    into.push(node)
    return
  }
  if (!isRoot && node.dependency >= 0 && slotTypes[base + node.dependency] === ValueType.Null) return
  const attributes: TreeAttribute[] = []
  for (const attribute of node.attributes) {
    const value: TreeNode[] = []
    for (const piece of attribute.value) resolve(piece, layout, base, value, false)
    if (value.length) attributes.push({ name: attribute.name, value })
  }
  const children: TreeNode[] = []
  for (const child of node.children) resolve(child, layout, base, children, false)
  const element: TreeElement = { ...node, attributes, children, dependency: -1 }
  if (isRoot) into.push(withoutArrays(element))
  else expandArrays(element, into)
}

function resolveSlot(node: TreeSlot, layout: Layout, base: number, into: TreeNode[]): void {
  const slot = base + node.slot
  const type = slotTypes[slot]
  const start = slotStarts[slot]
  const end = slotEnds[slot]
  if (type === ValueType.BinXml) {
    for (const child of fragmentTree(layout, slotFragments[slot])) into.push(child)
    return
  }
  if (type === ValueType.TextRun) {
    const pieces = runPieces(start, end)
    spend(pieces.length)
    for (const { text, xml } of pieces)
      into.push(xml === undefined ? { kind: 'text', text, bare: false } : { kind: 'markup', text, xml })
    return
  }
  if (node.optional && isEmptyValue(chunk, type, start, end)) return
  if (type & ValueType.Array) {
    const ranges = arrayItems(chunk, type, start, end)
    if (ranges && ranges.length > 2) {
      spend(ranges.length >> 1)
      const items: TreeText[] = []
      for (let i = 0; i < ranges.length; i += 2)
        items.push({
          kind: 'text',
          text: valueText(chunk, type & 0x7f, ranges[i], ranges[i + 1]),
          bare: isBare(type & 0x7f, ranges[i], ranges[i + 1]),
        })
      into.push({ kind: 'array', items })
      return
    }
  }
  into.push({ kind: 'text', text: valueText(chunk, type, start, end), bare: isBare(type, start, end) })
}

/** An element with an array in it stands once for each of the array's items ([MS-EVEN6] 3.1.4.7.5). */
function expandArrays(element: TreeElement, into: TreeNode[]): void {
  const inChildren = element.children.findIndex((node) => node.kind === 'array')
  const inAttribute = inChildren < 0 ? element.attributes.findIndex((a) => a.value.some((n) => n.kind === 'array')) : -1
  if (inChildren < 0 && inAttribute < 0) {
    into.push(element)
    return
  }
  const nodes = inChildren < 0 ? element.attributes[inAttribute].value : element.children
  const place = nodes.findIndex((node) => node.kind === 'array')
  const { items } = nodes[place] as TreeArray
  spend(items.length * (1 + element.children.length + element.attributes.length))
  for (const item of items) {
    const replaced = [...nodes.slice(0, place), ...(item.text === '' ? [] : [item]), ...nodes.slice(place + 1)]
    if (inChildren >= 0) expandArrays({ ...element, children: replaced }, into)
    else {
      const attributes = element.attributes
        .map((attribute, at) => (at === inAttribute ? { name: attribute.name, value: replaced } : attribute))
        .filter((attribute) => attribute.value.length)
      expandArrays({ ...element, attributes }, into)
    }
  }
}

/** A root can't stand several times: its arrays stay one text. */
function withoutArrays(element: TreeElement): TreeElement {
  const join = (node: TreeNode): TreeNode =>
    node.kind === 'array' ? { kind: 'text', text: node.items.map((item) => item.text).join(','), bare: false } : node
  return {
    ...element,
    attributes: element.attributes.map(({ name, value }) => ({ name, value: value.map(join) })),
    children: element.children.map(join),
  }
}
