// A program compiled to what writes its JSON: a row of integers for the interpreter in json.ts, and the literal text between the values
// in one pool. Structures that would need to know more of a record than where its values lie are left to the tree (json-tree.ts).
//
// The text is that of evtx_dump's `-o jsonl`. Every member is written with a comma behind it; what closes an object takes the last one back.
import { EvtxError } from './damage.ts'
import { type FragmentPlace, JsonOp, type JsonProgram } from './json-ops.ts'
import {
  attributesObject,
  dataValue,
  elementValue,
  hasContent,
  isDataContainer,
  jsonText,
  startJson,
} from './json-tree.ts'
import type { Layout } from './layout.ts'
import type { Program } from './program.ts'
import { programTree } from './tree.ts'
import type { TreeElement, TreeNode, TreeSlot } from './tree-nodes.ts'

const POOL_BYTES = 4 << 20
/** the longest text between two values that is worth keeping */
const LITERAL_BYTES = 1 << 16
const poolBytes = new Uint8Array(POOL_BYTES)
/** literals as 64-bit words: valid UTF-8 never is a NaN, so words may be copied as floats */
export const literalPool = new Float64Array(poolBytes.buffer)
let poolLength = 0
const encoder = new TextEncoder()

/** what compiling gives up with */
const UNUSUAL = Symbol('unusual structure')

function isSlot(node: TreeNode): node is TreeSlot {
  return node.kind === 'slot'
}

function isElement(node: TreeNode): node is TreeElement {
  return node.kind === 'element'
}

/** True when the element is the same in every record. */
function isStatic(element: TreeElement): boolean {
  return (
    element.attributes.every((attribute) => !attribute.value.some(isSlot)) &&
    element.children.every(
      (child) => !isSlot(child) && (!isElement(child) || (child.dependency < 0 && isStatic(child))),
    )
  )
}

/** What writes the JSON of this program; made once. */
export function jsonProgram(program: Program): JsonProgram {
  program.json ??= compile(program)
  return program.json
}

function compile(program: Program): JsonProgram {
  const tree = programTree(program)
  const roots = tree.filter(isElement)
  const result = {
    rootNames: roots.map((root) => root.name),
    rootIsContainer: roots.some((root) => isDataContainer(root.name)),
  }
  if (!program.kept || roots.length === 0 || tree.length > roots.length)
    return { ...result, ops: undefined, fragments: new Map() }
  const compiler = new Compiler()
  startJson()
  try {
    for (const root of roots) {
      compiler.text(`"${jsonText(root.name)}":`)
      compiler.value(root, isDataContainer(root.name))
    }
    return { ...result, ops: compiler.finish(), fragments: compiler.fragments }
  } catch (error) {
    if (error !== UNUSUAL && !(error instanceof EvtxError)) throw error
    return { ...result, ops: undefined, fragments: new Map() }
  }
}

/** True when the programs of a layout fit together without a look at the records: no names that meet, all compiled. */
export function isJsonCompiled(layout: Layout): boolean {
  const programs = layout.programs.map(jsonProgram)
  if (programs.some((program) => !program.ops)) return false
  if (programs[0].rootNames.length !== 1 || programs[0].rootIsContainer) return false
  const names = new Map<string, Set<string>>()
  for (const [slot, fragment] of layout.nested) {
    const owner = layout.bases.findLastIndex((base) => base <= slot)
    const place = programs[owner].fragments.get(slot - layout.bases[owner])
    if (!place) return false
    const key = `${owner}/${place.object}`
    const taken = names.get(key) ?? new Set(place.names)
    names.set(key, taken)
    for (const name of programs[fragment].rootNames) {
      if (taken.has(name)) return false
      taken.add(name)
    }
  }
  return true
}

class Compiler {
  readonly fragments = new Map<number, FragmentPlace>()
  readonly #ops: number[] = []
  #text = ''
  #objects = 0

  /** Literal text, joined with what is written before and after. */
  text(text: string): void {
    this.#text += text
  }

  /** The literal text so far, as (word, bytes). */
  #literal(): [number, number] {
    const text = this.#text
    this.#text = ''
    if (text.length > LITERAL_BYTES / 3 || poolLength + text.length * 3 + 8 > POOL_BYTES) throw UNUSUAL
    const start = poolLength
    const { written } = encoder.encodeInto(text, poolBytes.subarray(start))
    poolLength += (written + 7) & ~7
    return [start >> 3, written]
  }

  #flush(): void {
    if (this.#text) this.#ops.push(JsonOp.Literal, ...this.#literal())
  }

  finish(): Int32Array {
    this.#flush()
    this.#ops.push(JsonOp.End)
    if (this.#ops.length > 1 << 16) throw UNUSUAL
    return Int32Array.from(this.#ops)
  }

  #leaf(slot: number, empty: 0 | 1): void {
    // A fragment as an only child is an object of its own.
    if (!this.fragments.has(slot)) this.fragments.set(slot, { names: new Set(['Data']), object: ++this.#objects })
    this.#ops.push(JsonOp.Leaf, ...this.#literal(), slot, empty)
  }

  /** Compiles what is left out when the slot is null. */
  #depending(slot: number, write: () => void): void {
    if (slot < 0) {
      write()
      return
    }
    this.#flush()
    this.#ops.push(JsonOp.Depends, slot, 0)
    const place = this.#ops.length - 1
    write()
    this.#flush()
    this.#ops[place] = this.#ops.length
  }

  /** An element's value and the comma behind it. */
  value(element: TreeElement, isContainer: boolean): void {
    if (isStatic(element)) {
      this.text(`${elementValue(element, isContainer)},`)
      return
    }
    const { children } = element
    if (children.some(isElement)) {
      this.#object(element, isContainer)
      return
    }
    if (children.length > 1 || (children.length === 1 && !isSlot(children[0]))) throw UNUSUAL
    const content = children.length ? (children[0] as TreeSlot).slot : -1
    const attributes = element.attributes.filter((a) => a.value.some(isSlot) || a.value.some(hasContent))
    if (attributes.length === 0) {
      if (content < 0) throw UNUSUAL
      this.#leaf(content, 0)
      return
    }
    const keyBytes = encoder.encode(this.#text).length
    this.text('{"#attributes":{')
    const pieces: number[] = []
    let head: [number, number] | undefined
    for (const { name, value } of attributes) {
      let slot = -1
      if (value.some(isSlot)) {
        if (value.length > 1) throw UNUSUAL
        slot = (value[0] as TreeSlot).slot
        this.text(`"${jsonText(name)}":`)
      } else {
        // `"#attributes":{"Name":"x"}`, of which the member alone
        this.text(`${attributesObject([{ name, value }]).slice('"#attributes":{'.length, -1)},`)
      }
      const text = this.#literal()
      if (head) pieces.push(...text, slot)
      else {
        head = text
        pieces.push(0, 0, slot)
      }
    }
    this.#ops.push(JsonOp.Element, ...(head as [number, number]), keyBytes, content, attributes.length, ...pieces)
  }

  /** An element that has elements in it. */
  #object(element: TreeElement, isContainer: boolean): void {
    if (element.attributes.some((attribute) => attribute.value.some(isSlot))) throw UNUSUAL
    const { children } = element
    if (children.some((child) => !isElement(child) && !isSlot(child) && hasContent(child))) throw UNUSUAL
    const attributes = attributesObject(element.attributes)
    this.text(attributes ? `{${attributes},` : '{')
    const data = isContainer ? children.filter(isElement).filter((child) => child.name === 'Data') : []
    if (data.length) this.#data(data, children)
    const names = new Map<string, number>()
    const dependent = new Set<string>()
    const object = ++this.#objects
    const beside = new Set<string>()
    for (const child of children) {
      if (isSlot(child)) {
        if (this.fragments.has(child.slot)) throw UNUSUAL
        this.fragments.set(child.slot, { names: beside, object })
        this.#flush()
        this.#ops.push(JsonOp.Members, child.slot)
        continue
      }
      if (!isElement(child) || (isContainer && child.name === 'Data')) continue
      const repeat = names.get(child.name) ?? 0
      names.set(child.name, repeat + 1)
      beside.add(child.name)
      // Leaving one out would change the number of the next.
      if (child.dependency >= 0) dependent.add(child.name)
      if (repeat && dependent.has(child.name)) throw UNUSUAL
      this.#depending(child.dependency, () => {
        this.text(`"${jsonText(child.name)}${repeat ? `_${repeat}` : ''}":`)
        this.value(child, isDataContainer(child.name))
      })
    }
    if (isContainer) beside.add('Data')
    this.#flush()
    this.#ops.push(JsonOp.Close)
  }

  /** The Data elements of EventData or UserData: by name, or as one list. Nothing else may stand among them. */
  #data(data: TreeElement[], children: readonly TreeNode[]): void {
    if (children.some(isSlot)) throw UNUSUAL
    // What is no Data keeps its place only when it stands behind all of them.
    const elements = children.filter(isElement)
    if (elements.slice(0, data.length).some((child) => child.name !== 'Data')) throw UNUSUAL
    const names = data.map(staticName)
    const isNamed = names.some((name) => name !== '')
    const isDependent = data.some((child) => child.dependency >= 0)
    if (!isNamed) {
      if (data.length === 1) {
        this.#depending(data[0].dependency, () => {
          this.text('"Data":{"#text":')
          this.#dataValue(data[0], true)
          this.#flush()
          this.#ops.push(JsonOp.Close)
        })
        return
      }
      if (isDependent) throw UNUSUAL
      this.text('"Data":{"#text":[')
      for (const child of data) this.#dataValue(child, false)
      this.#flush()
      this.#ops.push(JsonOp.CloseList, JsonOp.Close)
      return
    }
    if (isDependent && (names.includes('') || new Set(names).size < names.length)) throw UNUSUAL
    const seen = new Map<string, number>()
    for (let i = 0; i < data.length; i++) {
      const name = names[i]
      if (name === '') continue
      if (names[i + 1] === name) throw UNUSUAL
      const repeat = seen.get(name) ?? 0
      seen.set(name, repeat + 1)
      this.#depending(data[i].dependency, () => {
        this.text(`"${jsonText(name)}${repeat ? `_${repeat}` : ''}":`)
        this.#dataValue(data[i], false)
      })
    }
  }

  #dataValue(element: TreeElement, isOnly: boolean): void {
    const { children } = element
    if (children.length === 0) this.text('"",')
    else if (children.length === 1 && isSlot(children[0])) {
      if (isOnly) this.#ops.push(JsonOp.Data, ...this.#literal(), children[0].slot)
      else this.#leaf(children[0].slot, 1)
    } else if (isStatic(element)) this.text(`${dataValue(element)},`)
    else throw UNUSUAL
  }
}

/** A Data element's Name; '' when it has none. One that is a value is unusual. */
function staticName(element: TreeElement): string {
  const name = element.attributes.find((attribute) => attribute.name === 'Name')
  if (!name) return ''
  if (name.value.some(isSlot)) throw UNUSUAL
  return name.value.map((node) => (node.kind === 'text' || node.kind === 'markup' ? node.text : '')).join('')
}
