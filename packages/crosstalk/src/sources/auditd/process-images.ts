// What process ids ran last, so that a new process' parent has a name: auditd writes the parent's id alone.

interface Image {
  readonly image: string
  readonly commandLine: string | undefined
}

/** Processes that are kept in mind; the one seen longest ago goes first. */
const MAX_PROCESSES = 65_536

export class ProcessImages {
  readonly #known = new Map<string, Image>()

  of(node: string, pid: string | undefined): Image | undefined {
    return pid === undefined ? undefined : this.#known.get(`${pid} ${node}`)
  }

  set(node: string, pid: string | undefined, image: string, commandLine: string | undefined): void {
    if (pid === undefined) return
    const key = `${pid} ${node}`
    this.#known.delete(key)
    if (this.#known.size >= MAX_PROCESSES) {
      const oldest = this.#known.keys().next()
      if (!oldest.done) this.#known.delete(oldest.value)
    }
    this.#known.set(key, { image, commandLine })
  }
}
