// What a reader says of bytes it could not read, and the only error it throws.

/** Bytes that were passed over, or that contradict themselves: where, how many, and why. */
export interface Damage {
  /** from the start of the file */
  readonly offset: number
  /** bytes that were not read because of it; 0 when everything was read in spite of it (a wrong checksum) */
  readonly bytes: number
  /** for people, the same words for the same kind of damage */
  readonly reason: string
}

export type EvtxErrorCode = 'not-readable' | 'busy' | 'too-large' | 'bad-input'

/**
 * The only error that this package throws. Bad bytes in a log are damage, not an error; this is for a source that can't be read at all
 * (`not-readable`), a reading started inside another one's callback (`busy`), a record whose text would be larger than
 * the bound (`too-large`) and, from the writer, input that no log can hold (`bad-input`).
 */
export class EvtxError extends Error {
  readonly code: EvtxErrorCode
  constructor(code: EvtxErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'EvtxError'
    this.code = code
  }
}
