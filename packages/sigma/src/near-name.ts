// The name that was meant: of the known ones, the one that is a slip of the pen away from what was written.

/** Longer ones are no slip of anything here. */
const MAX_LENGTH = 64

/**
 * The nearest known name: one letter more, less, other, or two exchanged; two such slips in a name of eight letters or more. Case, hyphens, underscores and
 * spaces make no difference. Undefined when none is near.
 */
export function nearName(written: string, known: Iterable<string>): string | undefined {
  const name = plain(written)
  if (name.length < 3 || name.length > MAX_LENGTH) return undefined
  let nearest: string | undefined
  let least = name.length < 4 ? 1 : name.length < 8 ? 2 : 3
  for (const one of known) {
    const other = plain(one)
    if (Math.abs(other.length - name.length) >= least || other.length < 3) continue
    const slips = slipsBetween(name, other)
    if (slips >= least) continue
    least = slips
    nearest = one
  }
  return nearest
}

/** `: "contains" was meant?`, or nothing. */
export function meantHint(written: string, known: Iterable<string>): string {
  const meant = nearName(written, known)
  return meant === undefined ? '' : `: "${meant}" was meant?`
}

const plain = (name: string): string => name.toLowerCase().replace(/[-_\s\u200b]/g, '')

/** Letters inserted, left out, changed, or exchanged with their neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1)
    }
    before = last
    last = row
  }
  return last[b.length]
}
