// The record under the cursor as JSON, from bytes to bytes.
import { EvtxError } from './damage.ts'
import { Limit } from './format.ts'
import { treeJson } from './json-tree.ts'
import type { Layout } from './layout.ts'
import { recordTree } from './tree.ts'

/** bytes that are gathered before they are handed on */
const FLUSH_BYTES = 1 << 16
const output = new Uint8Array(FLUSH_BYTES + Limit.recordOutput + 4096)
let length = 0
/** whose bytes they are */
let owner: JsonOutput | undefined
const encoder = new TextEncoder()

/**
 * Where JSON goes. All outputs gather in the one buffer of this module, in pieces of about 64 KiB; when another output begins to
 * write, what the first has gathered is handed on. The bytes handed on are good until the function returns.
 */
export class JsonOutput {
  readonly #write: (bytes: Uint8Array) => void
  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write
  }

  /** Appends text as UTF-8, as it stands. */
  writeText(text: string): void {
    if (text.length * 3 > output.length - FLUSH_BYTES) {
      this.flush()
      this.#write(encoder.encode(text))
      return
    }
    claim(this)
    length += encoder.encodeInto(text, output.subarray(length)).written
  }

  /** Appends one byte, such as the end of a line. */
  writeByte(byte: number): void {
    claim(this)
    output[length++] = byte
  }

  /** Hands on what is gathered. To be called at the end. */
  flush(): void {
    if (owner !== this || length === 0) return
    const bytes = output.subarray(0, length)
    length = 0
    this.#write(bytes)
  }
}

/** Makes the buffer this output's, with room for one record. */
function claim(out: JsonOutput): void {
  if (owner !== out) {
    owner?.flush()
    owner = out
  } else if (length >= FLUSH_BYTES) out.flush()
}

/** Appends the record of this layout under the cursor. Throws an EvtxError when it would be too large; then nothing was appended. */
export function writeRecordJson(layout: Layout, out: JsonOutput): void {
  claim(out)
  length = appendRecord(layout, length)
}

/** The record of this layout under the cursor as a string. */
export function recordJson(layout: Layout): string {
  return treeJson(recordTree(layout))
}

function appendRecord(layout: Layout, at: number): number {
  const { read, written } = encoder.encodeInto(treeJson(recordTree(layout)), output.subarray(at))
  void read
  return at + written
}

void EvtxError
