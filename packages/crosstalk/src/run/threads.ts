// How many threads a run gets.
import { availableParallelism } from 'node:os'
import type { StageKind } from './stage.ts'

/** Below this nobody gets more than one: a thread takes longer to start than the rest to read. */
const ALONE_BYTES = 8 << 20

/**
 * The same where there are only two cores. A thread loads code and rules and warms up by itself (a second of CPU time and more with thousands of rules), and
 * V8's compilers and collectors use the second core meanwhile: up to here one thread is ahead or even (bench/scan.ts, `--jobs 1` beside `--jobs 2`). For JSON lines with all of SigmaHQ
 * the two meet between 250 MB (event logs with a match in every fifth event) and 600 MB (one in forty).
 */
const ALONE_ON_TWO_CORES: Readonly<Record<StageKind, number>> = {
  dump: 192 << 20,
  coverage: 192 << 20,
  scan: 384 << 20,
  hunt: 384 << 20,
  validate: 384 << 20,
}

/** `bytes` to be read, Infinity where that is unknown; `asked`: what --jobs says. */
export function threadsFor(
  kind: StageKind,
  bytes: number,
  asked: number | undefined,
  cores = availableParallelism(),
): number {
  const alone = asked === undefined && cores <= 2 ? ALONE_ON_TWO_CORES[kind] : ALONE_BYTES
  return bytes < alone ? 1 : (asked ?? cores)
}
