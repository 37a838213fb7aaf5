// What a record's tree is made of; see tree.ts.

export interface TreeElement {
  readonly kind: 'element'
  readonly name: string
  readonly attributes: TreeAttribute[]
  readonly children: TreeNode[]
  /** written as `<Name/>` */
  readonly selfClosing: boolean
  /** a program's tree only: the slot whose null leaves the element out; -1 for none */
  readonly dependency: number
}

export interface TreeAttribute {
  readonly name: string
  readonly value: TreeNode[]
}

/** A piece of text. `bare`: a number or boolean. `empty`: a value that is empty counts as none. */
export interface TreeText {
  readonly kind: 'text'
  readonly text: string
  readonly bare: boolean
}

/** A program's tree only: where a value goes. */
export interface TreeSlot {
  readonly kind: 'slot'
  readonly slot: number
  readonly optional: boolean
}

/** An array value that is still one; `expandArrays` repeats the element around it. */
export interface TreeArray {
  readonly kind: 'array'
  readonly items: TreeText[]
}

/** A character that XML writes as it stands: a reference, CDATA; XML keeps the form, JSON takes the text. */
export interface TreeMarkup {
  readonly kind: 'markup'
  readonly text: string
  readonly xml: string
}

/** A processing instruction: JSON leaves it out. */
export interface TreeInstruction {
  readonly kind: 'instruction'
  readonly xml: string
}

export type TreeNode = TreeElement | TreeText | TreeSlot | TreeArray | TreeMarkup | TreeInstruction
