// Layouts: which fields a record has, by name, and in which slot each lies. Records of the same programs share one layout, whatever chunk
// they stand in, so that whoever reads fields can work out once, by a layout's identity, what to read.
import { characterText, entityText } from './characters.ts'
import { Limit } from './format.ts'
import { literalText, NAME_DATA, NAME_NAME } from './literals.ts'
import type { Program } from './program.ts'
import { Op } from './tokens.ts'

/** One field: an attribute, or an element's text. */
export interface Field {
  /** the element below Event in which it stands: `System`, `EventData`, `UserData` … */
  readonly section: string
  /**
   * Its name there: of a Data element its Name (`Data` when it has none); else the element's name, and `element@attribute` of an
   * attribute: `EventID`, `EventID@Qualifiers`, `Provider@Name`, `TimeCreated@SystemTime`.
   */
  readonly name: string
  /** the names of all elements from Event on, with the attribute: `Event/System/Provider@Name`, `Event/UserData/EventXML/Param1` */
  readonly path: string
  /** the slot with its value; -1 when the value is `literal` */
  readonly slot: number
  /** the value, when it is the same for all records of the layout */
  readonly literal: string | undefined
  /** slots in which Data's Name lies, for the rare element that is named by a value; else -1 */
  readonly nameSlot: number
}

/** See the file's first comment. `fields` is made when first asked for. */
export class Layout {
  /** counts up from 1 in the order of appearance; the same for equal records within one process only */
  readonly id: number
  /** slots that a record of the layout has in `types`, `starts` and `ends` */
  readonly slots: number
  /** false for a layout that was made for one record because there were too many: don't keep work for it */
  readonly kept: boolean
  /** the programs of its fragments, and the slots at which each fragment's values begin */
  readonly programs: readonly Program[]
  readonly bases: readonly number[]
  /** per slot of binary XML: the fragment in it */
  readonly nested: ReadonlyMap<number, number>
  #fields: readonly Field[] | undefined
  #byName: Map<string, Field> | undefined
  /** json.ts: 0 unknown, 1 made for speed, 2 by way of the tree */
  jsonPath = 0

  constructor(id: number, kept: boolean, programs: Program[], bases: number[], nested: Map<number, number>) {
    this.id = id
    this.kept = kept
    this.programs = programs
    this.bases = bases
    this.nested = nested
    const last = programs.length - 1
    this.slots = bases[last] + programs[last].slots
  }

  get fields(): readonly Field[] {
    this.#fields ??= layoutFields(this)
    return this.#fields
  }

  /** The first field of this name in this section. */
  field(section: string, name: string): Field | undefined {
    if (!this.#byName) {
      this.#byName = new Map()
      for (const field of this.fields) {
        const key = `${field.section}/${field.name}`
        if (!this.#byName.has(key)) this.#byName.set(key, field)
      }
    }
    return this.#byName.get(`${section}/${name}`)
  }
}

/** A layout, and by (slot, program) which one it becomes with one more fragment. */
export interface LayoutNode {
  readonly layout: Layout
  readonly next: Map<number, LayoutNode>
  /** the step that was taken last, which is nearly always the one that is taken next */
  lastSlot: number
  lastProgram: Program | undefined
  lastNode: LayoutNode | undefined
}

let layouts = 0
let nextId = 1

function makeNode(kept: boolean, programs: Program[], bases: number[], nested: Map<number, number>): LayoutNode {
  return {
    layout: new Layout(nextId++, kept, programs, bases, nested),
    next: new Map(),
    lastSlot: -1,
    lastProgram: undefined,
    lastNode: undefined,
  }
}

/** The layout of a record that is this one program. */
export function rootNode(program: Program): LayoutNode {
  if (program.layout) return program.layout
  const keep = program.kept && layouts < Limit.layouts
  if (keep) layouts++
  const node = makeNode(keep, [program], [0], new Map())
  if (keep) program.layout = node
  return node
}

/** The layout that `node`'s becomes when the value in `slot` turns out to be the fragment `program`, with its slots from `base` on. */
export function nextNode(node: LayoutNode, slot: number, program: Program, base: number): LayoutNode {
  if (node.lastProgram === program && node.lastSlot === slot) return node.lastNode as LayoutNode
  const key = program.id * Limit.slots + slot
  let next = node.next.get(key)
  if (!next) {
    const { layout } = node
    const keep = layout.kept && program.kept && layouts < Limit.layouts
    if (keep) layouts++
    next = makeNode(
      keep,
      [...layout.programs, program],
      [...layout.bases, base],
      new Map(layout.nested).set(slot, layout.programs.length),
    )
    if (!keep) return next
    node.next.set(key, next)
  }
  node.lastSlot = slot
  node.lastProgram = program
  node.lastNode = next
  return next
}

interface OpenElement {
  name: string
  path: string
  section: string
  isData: boolean
  /** Data's Name, and the slot it lies in */
  dataName: string | undefined
  nameSlot: number
  texts: string
  hasText: boolean
  hasSlot: boolean
  hasChild: boolean
}

function layoutFields(layout: Layout): Field[] {
  const fields: Field[] = []
  addFields(layout, 0, undefined, fields)
  return fields
}

/** The fields of one fragment, in the order of the record. */
function addFields(layout: Layout, fragment: number, parent: OpenElement | undefined, fields: Field[]): void {
  const { code } = layout.programs[fragment]
  const base = layout.bases[fragment]
  const stack: OpenElement[] = []
  let attribute = ''
  let inTag = false
  let attributeText = ''
  let attributeHasText = false
  let attributeIsName = false
  const closeAttribute = () => {
    const element = stack[stack.length - 1]
    if (attribute && attributeHasText) {
      if (attributeIsName) element.dataName = attributeText
      else fields.push(attributeField(element, attribute, -1, attributeText))
    }
    attribute = ''
  }
  const text = (value: string) => {
    const element = stack[stack.length - 1]
    if (!element) return
    if (inTag) {
      attributeText += value
      attributeHasText = true
    } else {
      element.texts += value
      element.hasText = true
    }
  }
  for (let i = 0; i < code.length; ) {
    switch (code[i]) {
      case Op.Open: {
        const above = stack[stack.length - 1] ?? parent
        if (above) above.hasChild = true
        const name = literalText(code[i + 1])
        stack.push({
          name,
          path: above ? `${above.path}/${name}` : name,
          section: above ? above.section || name : '',
          isData: code[i + 1] === NAME_DATA,
          dataName: undefined,
          nameSlot: -1,
          texts: '',
          hasText: false,
          hasSlot: false,
          hasChild: false,
        })
        inTag = true
        i += 3
        break
      }
      case Op.Attribute:
        closeAttribute()
        attribute = literalText(code[i + 1])
        attributeIsName = code[i + 1] === NAME_NAME && stack[stack.length - 1].isData
        attributeText = ''
        attributeHasText = false
        i += 2
        break
      case Op.CloseStart:
        closeAttribute()
        inTag = false
        i++
        break
      case Op.CloseEmpty:
        closeAttribute()
        inTag = false
        addElementField(stack.pop() as OpenElement, fields)
        i++
        break
      case Op.End:
        addElementField(stack.pop() as OpenElement, fields)
        i++
        break
      case Op.Literal:
      case Op.CData:
        text(literalText(code[i + 1]))
        i += 2
        break
      case Op.CharRef:
        text(characterText(code[i + 1]))
        i += 2
        break
      case Op.EntityRef:
        text(entityText(literalText(code[i + 1])))
        i += 2
        break
      case Op.Slot: {
        const slot = base + code[i + 1]
        const element = stack[stack.length - 1]
        const child = layout.nested.get(slot)
        if (child !== undefined) addFields(layout, child, element ?? parent, fields)
        else if (element && inTag) {
          if (attributeIsName) element.nameSlot = slot
          else fields.push(attributeField(element, attribute, slot, undefined))
        } else if (element) {
          element.hasSlot = true
          fields.push(elementField(element, slot, undefined))
        }
        i += 3
        break
      }
      default:
        i += 2
    }
  }
}

function attributeField(element: OpenElement, attribute: string, slot: number, literal: string | undefined): Field {
  return {
    section: element.section,
    name: `${element.name}@${attribute}`,
    path: `${element.path}@${attribute}`,
    slot,
    literal,
    nameSlot: -1,
  }
}

function elementField(element: OpenElement, slot: number, literal: string | undefined): Field {
  return {
    section: element.section,
    name: element.dataName ?? element.name,
    path: element.path,
    slot,
    literal,
    nameSlot: element.nameSlot,
  }
}

/** An element that ends without a slot for its text is a field with a literal one, or without children: an empty one. */
function addElementField(element: OpenElement, fields: Field[]): void {
  if (element.hasSlot || (element.hasChild && !element.texts.trim())) return
  if (element.hasText || element.isData) fields.push(elementField(element, -1, element.texts))
}
