// What process ids ran last, so that a new process' parent has a name: auditd writes the parent's id alone.

/** The call that started a program, and its whole command line. */
interface Start {
  readonly commandLine: string | undefined
  readonly offset: number
}

interface Known {
  image: string
  /** what PROCTITLE said: 128 bytes of the command line, and programs may change it */
  title: string | undefined
  start: Start | undefined
  /** where the call lies that told of it last */
  offset: number
  /** the same when it was put where it is in the order of forgetting */
  placed: number
}

export interface Image {
  readonly image: string
  readonly commandLine: string | undefined
}

/**
 * How far back in the input a process is looked for. What is known at a place then depends on so many bytes before it alone: memory is bounded, and reading may
 * begin in the middle of a file. auditd begins a new file every 8 MB where nobody sets another size.
 */
export const IMAGE_WINDOW = 60 * 1024 * 1024

export class ProcessImages {
  readonly #known = new Map<string, Known>()
  readonly #window: number

  constructor(window: number = IMAGE_WINDOW) {
    this.#window = window
  }

  /** What the process ran last before the call that lies at `offset`. */
  of(node: string, pid: string | undefined, offset: number): Image | undefined {
    const found = pid === undefined ? undefined : this.#known.get(`${pid} ${node}`)
    if (!found || !this.#reaches(offset, found.offset)) return undefined
    const { image, title, start } = found
    return { image, commandLine: start && this.#reaches(offset, start.offset) ? start.commandLine : title }
  }

  #reaches(from: number, back: number): boolean {
    return back <= from && back >= from - this.#window
  }

  /** The call at `offset` started a program in that process. */
  started(node: string, pid: string, image: string, commandLine: string | undefined, offset: number): void {
    this.#set(`${pid} ${node}`, image, commandLine, { commandLine, offset }, offset)
  }

  /** The call at `offset` was made by a process that runs that program. */
  seen(node: string, pid: string, image: string, title: string | undefined, offset: number): void {
    const key = `${pid} ${node}`
    const before = this.#known.get(key)
    this.#set(key, image, title, before?.image === image ? before.start : undefined, offset)
  }

  #set(key: string, image: string, title: string | undefined, start: Start | undefined, offset: number): void {
    const before = this.#known.get(key)
    if (before) {
      if (before.offset > offset) return
      before.image = image
      before.title = title
      before.start = start
      before.offset = offset
      if (offset - before.placed < this.#window / 8) return
      this.#known.delete(key)
    }
    this.#known.set(key, { image, title, start, offset, placed: offset })
    // Calls may be told in another order than they lie: so only what no call can ask for any more is forgotten.
    for (const [old, { offset: at }] of this.#known) {
      if (at >= offset - 2 * this.#window) return
      this.#known.delete(old)
    }
  }
}
