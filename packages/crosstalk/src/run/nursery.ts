// V8 lets the space for new objects grow to three times 32 MB. What a run makes of an event is dead before the next: beyond a few megabytes a larger
// nursery saves no time (bench/scan.ts) and costs that memory. Threads are started with a limit; this one must be stopped while it grows.
import v8 from 'node:v8'

/** For `new Worker`. */
export const THREAD_LIMITS = { maxYoungGenerationSizeMb: 16 } as const

const ENOUGH_BYTES = 8 << 20

let stopped = false

/** To be called now and then. Once the nursery has its size, it grows no more. */
export function keepNurserySmall(): void {
  if (stopped) return
  const space = v8.getHeapSpaceStatistics().find((one) => one.space_name === 'new_space')
  if (!space || space.space_size < ENOUGH_BYTES) return
  stopped = true
  v8.setFlagsFromString('--semi-space-growth-factor=1')
}
