import type { Input } from '../source.ts'

const PIECE = 256 * 1024

/** The same input with its file held open until `close`, so that thousands of entries don't each open it; whoever reads on afterwards opens it anew. */
export function held(input: Input): { input: Input; close(): void } {
  let file = input.direct?.()
  if (!file) return { input, close() {} }
  return {
    input: {
      ...input,
      async *open(start = 0, end = Number.POSITIVE_INFINITY) {
        let at = start
        while (file && at < end) {
          const piece = Buffer.allocUnsafe(Math.min(PIECE, end - at))
          const count = file.read(piece, at)
          if (count === 0) return
          at += count
          yield piece.subarray(0, count)
        }
        if (at < end) yield* input.open(at, end)
      },
    },
    close() {
      file?.close()
      file = undefined
    },
  }
}
