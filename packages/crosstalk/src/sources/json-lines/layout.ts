// The layouts of JSON records: which keys stand in which order and nesting. Records of one layout have their values at the same
// positions, so what a key means is decided once a layout, not once a record. Layouts are the leaves of a tree over the keys as they
// come, and each node remembers the key that followed last time, so that a record like the one before is only compared, never looked up.

/** One step on the way through a record; the root is the opening brace. */
export interface LayoutNode {
  readonly parent: LayoutNode | undefined
  /** what led here: a key (with a plain value), the brace of a nested object, or its end */
  readonly step: 'root' | 'key' | 'enter' | 'leave'
  /** the key as text, unescaped; '' unless step is `key` */
  readonly key: string
  /** the key's bytes between the quotes, as they stand in the record */
  readonly keyBytes: Uint8Array
  /** the same, four bytes a number, as far as they go */
  readonly keyWords: Int32Array
  /** its last four bytes, where it has as many */
  readonly lastWord: number
  /** how many plain values stand before this node's own; a key's value has this position */
  readonly position: number
  /** the key that followed last time */
  likely: LayoutNode | undefined
  /** by key, as it stands in the record (latin1) */
  next: Map<string, LayoutNode> | undefined
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

const NO_BYTES = new Uint8Array(0)

export function makeRoot(): LayoutNode {
  return node(undefined, 'root', '', NO_BYTES, 0)
}

function node(
  parent: LayoutNode | undefined,
  step: LayoutNode['step'],
  key: string,
  keyBytes: Uint8Array,
  position: number,
): LayoutNode {
  const none = undefined
  const view = new DataView(keyBytes.buffer, keyBytes.byteOffset, keyBytes.length)
  const keyWords = Int32Array.from({ length: keyBytes.length >> 2 }, (_, word) => view.getInt32(word * 4, true))
  return {
    parent,
    step,
    key,
    keyBytes,
    keyWords,
    lastWord: keyBytes.length >= 4 ? view.getInt32(keyBytes.length - 4, true) : 0,
    position,
    likely: none,
    next: none,
    enter: none,
    leave: none,
    layout: none,
  }
}

/** Positions taken once the node's own value is read. */
const taken = (at: LayoutNode): number => (at.step === 'key' ? at.position + 1 : at.position)

/**
 * The node of a key that follows `at`, made when it is new. `id` is the key's bytes as latin1; `text` decodes it and `made` counts it, only
 * when the node is new.
 */
export function follow(
  at: LayoutNode,
  id: string,
  keyBytes: () => Uint8Array,
  text: (bytes: Uint8Array) => string,
): LayoutNode {
  at.next ??= new Map()
  let found = at.next.get(id)
  if (!found) {
    // A copy: what the caller shows is part of a buffer that is used again. (Buffer's own slice would not copy.)
    const bytes = Uint8Array.from(keyBytes())
    found = node(at, 'key', text(bytes), bytes, taken(at))
    at.next.set(id, found)
  }
  return found
}

/** The key's value turned out to be an object: it takes no position of its own. */
export function enter(at: LayoutNode): LayoutNode {
  at.enter ??= node(at, 'enter', '', NO_BYTES, at.position)
  return at.enter
}

export function leave(at: LayoutNode): LayoutNode {
  at.leave ??= node(at, 'leave', '', NO_BYTES, taken(at))
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
    for (const position of keys.get(step.key) ?? []) alive[position] = 0
    keys.set(step.key, [])
    prefix.push(step.key)
    if (steps[i + 1]?.step === 'enter') return
    for (let depth = 0; depth < objects.length; depth++) objects[depth].get(prefix[depth])?.push(paths.length)
    paths.push([...prefix])
    alive.push(1)
    prefix.pop()
  })
  return { paths, names: paths.map((path) => path.join('.')), alive: Uint8Array.from(alive), binding: undefined }
}
