// Everything is read synchronously, or in steps that only the next step waits for: signals (Ctrl-C) and other threads' messages come when the event loop turns.
import { setImmediate } from 'node:timers/promises'

const EVERY_MS = 100
let last = 0

/** To be asked now and then in what may take long: a promise to wait for where it is time for the event loop to turn. */
export function breathe(): Promise<void> | undefined {
  const now = performance.now()
  if (now - last < EVERY_MS) return undefined
  last = now
  return setImmediate()
}
