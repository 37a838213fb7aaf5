// The layouts of JSON records: which keys stand in which order and nesting. Records of one layout have their values at the same
// positions, so what a key means is decided once a layout, not once a record. Layouts are the leaves of a tree over the keys as they
// come, and each node remembers the key that followed last time, so that a record like the one before is only compared, never looked up.

import { unescapeText } from './value.ts'

/** Bounds against hostile records: nodes of the tree, and bytes of its keys. */
const MAX_NODES = 50_000
const MAX_KEY_BYTES = 16 * 1024 * 1024

/** A key as it stands in records, between its quotes; many layouts share it. */
export interface Key {
  /** unescaped */
  readonly text: string
  readonly bytes: Uint8Array
  /** the same, four bytes a number, as far as they go */
  readonly words: Int32Array
  /** its last four bytes, where it has as many */
  readonly lastWord: number
}

/** One step on the way through a record; the root is the opening brace. */
export interface LayoutNode {
  readonly parent: LayoutNode | undefined
  /** what led here: a key (with a plain value), the brace of a nested object, or its end */
  readonly step: 'root' | 'key' | 'enter' | 'leave'
  /** NO_KEY unless step is `key` */
  readonly key: Key
  /** how many plain values stand before this node's own; a key's value has this position */
  readonly position: number
  /** the node of the key that followed last time */
  likely: LayoutNode | undefined
  /** the nodes of all keys that followed, once there are two */
  next: Map<Key, LayoutNode> | undefined
  enter: LayoutNode | undefined
  leave: LayoutNode | undefined
  /** the layout of a record that ends here */
  layout: JsonLayout | undefined
}

/** A record's form: the names of its values by position. */
export interface JsonLayout {
  /** keys from the record down to the value; a nested field has several */
  readonly paths: readonly (readonly string[])[]
  /** the paths with dots */
  readonly names: readonly string[]
  /** 1 for a position that counts, 0 for one that a later key of the same name replaced (JSON.parse: the last one wins) */
  readonly alive: Uint8Array
  /** who read records of this layout before; the owner is the reader */
  binding: unknown
}

const NO_KEY: Key = makeKey('', new Uint8Array(0))

function makeKey(text: string, bytes: Uint8Array): Key {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const words = Int32Array.from({ length: bytes.length >> 2 }, (_, word) => view.getInt32(word * 4, true))
  return { text, bytes, words, lastWord: bytes.length >= 4 ? view.getInt32(bytes.length - 4, true) : 0 }
}

function node(parent: LayoutNode | undefined, step: LayoutNode['step'], key: Key, position: number): LayoutNode {
  const none = undefined
  return { parent, step, key, position, likely: none, next: none, enter: none, leave: none, layout: none }
}

/** Positions taken once the node's own value is read. */
const taken = (at: LayoutNode): number => (at.step === 'key' ? at.position + 1 : at.position)

/** The layouts that a stream's records have had. */
export class LayoutTree {
  readonly root: LayoutNode = node(undefined, 'root', NO_KEY, 0)
  /** by their bytes as latin1 */
  readonly #keys = new Map<string, Key>()
  #nodes = 0
  #keyBytes = 0

  /** Only hostile records have so many: then a new tree is due. */
  get isFull(): boolean {
    return this.#nodes > MAX_NODES || this.#keyBytes > MAX_KEY_BYTES
  }

  /** The node of the key in [from, end) that follows `at`, where it is not the likely one. Made when it is new; the likely one from now on. */
  follow(at: LayoutNode, bytes: Buffer, from: number, end: number): LayoutNode {
    const key = this.#keyOf(bytes, from, end)
    const { likely } = at
    let found = at.next?.get(key)
    if (found === undefined) {
      found = node(at, 'key', key, taken(at))
      this.#nodes++
      if (likely !== undefined) (at.next ??= new Map([[likely.key, likely]])).set(key, found)
    }
    at.likely = found
    return found
  }

  #keyOf(bytes: Buffer, from: number, end: number): Key {
    const id = bytes.toString('latin1', from, end)
    let key = this.#keys.get(id)
    if (key === undefined) {
      const text = bytes.toString('utf8', from, end)
      // A copy: the bytes are part of a buffer that is used again. (Buffer's own slice would not copy.)
      key = makeKey(text.includes('\\') ? unescapeText(text) : text, Uint8Array.from(bytes.subarray(from, end)))
      this.#keyBytes += end - from
      this.#keys.set(id, key)
    }
    return key
  }
}

/** The key's value turned out to be an object: it takes no position of its own. */
export function enter(at: LayoutNode): LayoutNode {
  at.enter ??= node(at, 'enter', NO_KEY, at.position)
  return at.enter
}

export function leave(at: LayoutNode): LayoutNode {
  at.leave ??= node(at, 'leave', NO_KEY, taken(at))
  return at.leave
}

/** The layout of a record that ends at a node. */
export function layoutAt(end: LayoutNode): JsonLayout {
  end.layout ??= makeLayout(end)
  return end.layout
}

function makeLayout(end: LayoutNode): JsonLayout {
  const steps: LayoutNode[] = []
  for (let at: LayoutNode | undefined = end; at; at = at.parent) steps.push(at)
  steps.reverse()
  const paths: string[][] = []
  const alive: number[] = []
  // An object instance: for each of its keys, the positions that lie under it.
  const objects: Map<string, number[]>[] = [new Map()]
  const prefix: string[] = []
  steps.forEach((step, i) => {
    if (step.step === 'enter') objects.push(new Map())
    if (step.step === 'leave') {
      prefix.pop()
      objects.pop()
    }
    if (step.step !== 'key') return
    const keys = objects[objects.length - 1]
    const name = step.key.text
    for (const position of keys.get(name) ?? []) alive[position] = 0
    keys.set(name, [])
    prefix.push(name)
    if (steps[i + 1]?.step === 'enter') return
    for (let depth = 0; depth < objects.length; depth++) objects[depth].get(prefix[depth])?.push(paths.length)
    paths.push([...prefix])
    alive.push(1)
    prefix.pop()
  })
  return { paths, names: paths.map((path) => path.join('.')), alive: Uint8Array.from(alive), binding: undefined }
}
