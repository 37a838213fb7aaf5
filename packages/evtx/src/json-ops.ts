// What a program's JSON is compiled to; see json-program.ts.

/** The interpreter's operations; the integers behind each. A literal is (word in the pool, bytes). */
export const JsonOp = {
  End: 0,
  /** literal */
  Literal: 1,
  /** literal, slot, 0 to write null when empty or 1 to write "" */
  Leaf: 2,
  /** literal, slot: the only unnamed Data; an array of strings is a list */
  Data: 3,
  /** dependency slot, where to go on when it is null */
  Depends: 4,
  /** an object ends: it is null when nothing stands in it */
  Close: 5,
  /**
   * literal (key, `{"#attributes":{`, and the first attribute's literal), bytes of the key, content slot or -1, count, then
   * per attribute: literal (unused for the first), slot or -1 when the literal is the whole member
   */
  Element: 6,
  /** slot: the members of the fragment in it */
  Members: 7,
  /** a list ends */
  CloseList: 8,
} as const

export interface JsonProgram {
  /** undefined: by way of the tree */
  readonly ops: Int32Array | undefined
  readonly rootNames: readonly string[]
  readonly rootIsContainer: boolean
  /** slots whose fragment becomes members, with the names that stand beside them; or a value of its own (undefined) */
  readonly fragments: ReadonlyMap<number, FragmentPlace>
}

export interface FragmentPlace {
  /** names of the members beside it; the fragment's roots must not be among them */
  readonly names: ReadonlySet<string>
  /** the same for the fragments of one object, whose names must differ */
  readonly object: number
}
