// Standard output, written synchronously: nothing waits in memory, and a reader that goes away (`| head`) ends the run quietly.
import { writeSync } from 'node:fs'
import { systemProblem } from '../run/system-problem.ts'
import { RunError } from './usage.ts'

/** Whoever read the output has gone: no error, there is just nobody to write for. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}

const GATHER_BYTES = 1 << 16

/** Writes all of it. Throws OutputClosed when the reader has gone. */
export function writeOut(bytes: Uint8Array | string): void {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  for (let at = 0; at < buffer.length; ) {
    try {
      at += writeSync(1, buffer, at, buffer.length - at)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
      else if (code === 'EPIPE' || code === 'EOF') throw new OutputClosed('nobody reads the output any more')
      else throw new RunError(`standard output can't be written: ${systemProblem(error)}`)
    }
  }
}

/** Lines, gathered to larger writes. */
export interface LineOutput {
  write(text: string): void
  flush(): void
}

export function lineOutput(): LineOutput {
  let text = ''
  return {
    write(line) {
      text += line
      if (text.length >= GATHER_BYTES) this.flush()
    },
    flush() {
      if (text) writeOut(text)
      text = ''
    },
  }
}

/** The same for bytes; large pieces are written as they come. */
export function gatherOut(): { write(bytes: Uint8Array): void; flush(): void } {
  const gathered = Buffer.allocUnsafe(GATHER_BYTES)
  let filled = 0
  const flush = () => {
    if (filled) writeOut(gathered.subarray(0, filled))
    filled = 0
  }
  return {
    write(bytes) {
      if (filled + bytes.length > GATHER_BYTES) flush()
      if (bytes.length > GATHER_BYTES) writeOut(bytes)
      else {
        gathered.set(bytes, filled)
        filled += bytes.length
      }
    },
    flush,
  }
}
