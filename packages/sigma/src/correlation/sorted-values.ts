// Numbers in order, in chunks: adding, removing and asking for the nth cost about the square root of how many there are.

const CHUNK = 512

export class SortedValues {
  readonly #chunks: number[][] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  add(value: number): void {
    this.#size++
    const chunks = this.#chunks
    if (chunks.length === 0) {
      chunks.push([value])
      return
    }
    const which = Math.min(this.#chunkOf(value), chunks.length - 1)
    const chunk = chunks[which]
    chunk.splice(placeIn(chunk, value), 0, value)
    if (chunk.length > CHUNK * 2) chunks.splice(which + 1, 0, chunk.splice(CHUNK))
  }

  /** Removes one of the value; nothing happens when it is not there. */
  remove(value: number): void {
    const which = this.#chunkOf(value)
    const chunk = this.#chunks[which]
    if (!chunk) return
    const at = placeIn(chunk, value)
    if (chunk[at] !== value) return
    chunk.splice(at, 1)
    if (chunk.length === 0) this.#chunks.splice(which, 1)
    this.#size--
  }

  /** The value at a place, 0 the smallest. */
  at(place: number): number {
    let left = place
    for (const chunk of this.#chunks) {
      if (left < chunk.length) return chunk[left]
      left -= chunk.length
    }
    return Number.NaN
  }

  /** The percentile (0 to 100), between two values linearly; NaN when there is none. */
  percentile(percent: number): number {
    if (this.#size === 0) return Number.NaN
    const place = ((this.#size - 1) * percent) / 100
    const below = Math.floor(place)
    const low = this.at(below)
    return place === below ? low : low + (this.at(below + 1) - low) * (place - below)
  }

  /** The first chunk whose last value is not below. */
  #chunkOf(value: number): number {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#chunks[middle].at(-1)! < value) low = middle + 1
      else high = middle
    }
    return low
  }
}

function placeIn(chunk: readonly number[], value: number): number {
  let low = 0
  let high = chunk.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (chunk[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}
