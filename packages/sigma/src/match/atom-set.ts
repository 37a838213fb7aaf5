// A set of atoms, a bit each: plans are many, and so are the atoms of a rule set.

export class AtomSet {
  readonly #bits: Int32Array

  /** `count`: atoms that there are. */
  constructor(count: number) {
    this.#bits = new Int32Array((count + 31) >>> 5)
  }

  has(atom: number): boolean {
    return ((this.#bits[atom >>> 5] >>> (atom & 31)) & 1) === 1
  }

  add(atom: number): void {
    this.#bits[atom >>> 5] |= 1 << (atom & 31)
  }
}
