// JSON in which a name may come several times in one object, as tshark writes it (a ticket's cipher, then an authenticator's): JSON.parse keeps the last, here all are kept.
// Scalars become text, as tshark mostly writes them anyway.

export type Value = string | null | Fields | Value[]

export interface Fields {
  readonly [name: string]: Value
}

/** deeper nesting is no dissection */
const MAX_DEPTH = 96
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** The object that the text is; undefined when it is none. Of two values of one name a list is made, in order. */
export function parseMerging(text: string): Fields | undefined {
  const reader = new Reader(text)
  try {
    const value = reader.value(0)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): Value {
    if (depth > MAX_DEPTH) throw new SyntaxError('nested too deep')
    const first = this.#next()
    if (first === '{') return this.#object(depth)
    if (first === '[') return this.#list(depth)
    if (first === '"') return this.#string()
    const word = /[-+.\w]+/y
    word.lastIndex = this.#at
    const found = word.exec(this.#text)
    if (!found) throw new SyntaxError('no value')
    this.#at = word.lastIndex
    return found[0] === 'null' ? null : found[0]
  }

  #object(depth: number): Fields {
    // Without a prototype: names are tshark's, but values of the capture must never reach one.
    const fields = Object.create(null) as Record<string, Value>
    this.#at++
    if (this.#next() === '}') this.#at++
    else
      do {
        if (this.#next() !== '"') throw new SyntaxError('no name')
        const name = this.#string()
        if (this.#next() !== ':') throw new SyntaxError('no colon')
        this.#at++
        const value = this.value(depth + 1)
        const before = fields[name]
        fields[name] = before === undefined ? value : listOf(before).concat(value)
      } while (this.#goesOn('}'))
    return fields
  }

  #list(depth: number): Value[] {
    const values: Value[] = []
    this.#at++
    if (this.#next() === ']') this.#at++
    else
      do values.push(this.value(depth + 1))
      while (this.#goesOn(']'))
    return values
  }

  /** Passes a comma, or the end. */
  #goesOn(end: string): boolean {
    const mark = this.#next()
    this.#at++
    if (mark !== ',' && mark !== end) throw new SyntaxError('no comma')
    return mark === ','
  }

  #next(): string {
    while (this.#text.charCodeAt(this.#at) <= 0x20) this.#at++
    return this.#text.charAt(this.#at)
  }

  #string(): string {
    const text = this.#text
    const start = this.#at
    let isEscaped = false
    for (let at = start + 1; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === BACKSLASH) {
        isEscaped = true
        at++
      } else if (code === QUOTE) {
        this.#at = at + 1
        return isEscaped ? (JSON.parse(text.slice(start, at + 1)) as string) : text.slice(start + 1, at)
      }
    }
    throw new SyntaxError('no end of a string')
  }
}

const listOf = (value: Value): Value[] => (Array.isArray(value) ? value : [value])
