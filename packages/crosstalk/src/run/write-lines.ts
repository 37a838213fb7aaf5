// The stage of `dump`: events as JSON lines, from bytes to bytes where the source can.
import { JsonOutput } from '@crosstalk/evtx'
import { lineHead } from './dump-line.ts'
import type { Batch, InputName } from './stage.ts'
import type { EventTaker } from './taker.ts'

const BATCH_BYTES = 1 << 20

export function lineTaker(input: InputName, emit: (batch: Batch) => void): EventTaker {
  let pieces: Uint8Array[] = []
  let bytes = 0
  const hand = () => {
    if (bytes) emit({ input, lines: pieces.length === 1 ? pieces[0] : joined(pieces, bytes) })
    pieces = []
    bytes = 0
  }
  // The output's buffer is used again: what it hands on is copied.
  const out = new JsonOutput((piece) => {
    pieces.push(piece.slice())
    bytes += piece.length
  })
  const head = lineHead(input.name)
  return {
    take(event) {
      out.writeText(head(event))
      try {
        if (event.writeJson) event.writeJson(out)
        else out.writeText(event.toJson())
        out.writeText('}\n')
      } catch (error) {
        // What is too large to be written still has its line.
        out.writeText(`null,"problem":${JSON.stringify((error as Error).message)}}\n`)
        throw error
      }
    },
    isFull: () => bytes >= BATCH_BYTES,
    flush() {
      out.flush()
      hand()
    },
  }
}

/** In memory of its own, which can be given to another thread. */
function joined(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const all = new Uint8Array(bytes)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
