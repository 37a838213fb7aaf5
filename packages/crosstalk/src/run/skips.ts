// Counts what was passed over by reason, with the first places as examples; the number of reasons is bounded.
import type { Skip } from '../sources/source.ts'
import type { SkipCount } from './account.ts'

export const MAX_EXAMPLES = 5
/** Reasons are words of the sources, few; should a source put content into one, the rest is counted together. */
const MAX_REASONS = 200
const OTHER = 'other reasons'

export interface SkipCounter {
  add(skip: Skip): void
  counts(): SkipCount[]
}

export function createSkipCounter(name: string): SkipCounter {
  const byReason = new Map<string, SkipCount>()
  return {
    add({ reason, offset, bytes }) {
      addSkip(byReason, { reason, count: 1, bytes, examples: [`${name} @ ${offset}`] })
    },
    counts: () => [...byReason.values()],
  }
}

export function addSkip(byReason: Map<string, SkipCount>, skip: SkipCount): void {
  const reason = byReason.has(skip.reason) || byReason.size < MAX_REASONS ? skip.reason : OTHER
  let known = byReason.get(reason)
  if (!known) byReason.set(reason, (known = { reason, count: 0, bytes: 0, examples: [] }))
  known.count += skip.count
  known.bytes += skip.bytes
  for (const example of skip.examples) if (known.examples.length < MAX_EXAMPLES) known.examples.push(example)
}
