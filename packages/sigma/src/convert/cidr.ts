// Networks as the beginnings of addresses, for languages that know no networks.
import { parseNetwork } from '../modifiers/modifiers.ts'

/** A network's addresses as patterns of SQL's LIKE (`10.%`, `fe8_:%`), at most 128; undefined when its addresses have no common beginning as text. */
export function addressPatterns(network: string): readonly string[] | undefined {
  const parsed = parseNetwork(network)
  if (!parsed) return undefined
  const { bytes, prefix } = parsed
  return bytes.length === 4 ? patternsOf4(bytes, prefix) : patternsOf6(bytes, prefix)
}

function patternsOf4(bytes: Uint8Array, prefix: number): string[] {
  if (prefix === 0) return ['%.%.%.%']
  const whole = Math.ceil(prefix / 8)
  const free = 2 ** (whole * 8 - prefix)
  const before = [...bytes.subarray(0, whole - 1)]
  const last = bytes[whole - 1] & (256 - free)
  return Array.from({ length: free }, (_, at) => [...before, last + at].join('.') + (whole === 4 ? '' : '.%'))
}

/** Addresses written as RFC 5952 has them: lower case, no leading zeros, the longest run of zeros left out. */
function patternsOf6(bytes: Uint8Array, prefix: number): string[] | undefined {
  const groups = Array.from({ length: 8 }, (_, at) => (bytes[at * 2] << 8) | bytes[at * 2 + 1])
  if (prefix === 0) return ['%:%']
  if (prefix === 128) return [shortest(groups)]
  // Within the first group: its first digit must not be zero, for then all four are written.
  if (prefix <= 16) {
    const digits = Math.ceil(prefix / 4)
    const free = 2 ** (digits * 4 - prefix)
    const first = (groups[0] >> (16 - digits * 4)) & -free
    if (first >> ((digits - 1) * 4) === 0) return undefined
    return Array.from({ length: free }, (_, at) => `${(first + at).toString(16)}${'_'.repeat(4 - digits)}:%`)
  }
  const whole = groups.slice(0, prefix / 16)
  if (prefix % 16 !== 0 || whole.includes(0)) return undefined
  return [`${whole.map((group) => group.toString(16)).join(':')}:%`]
}

function shortest(groups: readonly number[]): string {
  let best = { start: 0, length: 1 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (start + length < 8 && groups[start + length] === 0) length++
    if (length > best.length) best = { start, length }
  }
  const text = (some: readonly number[]) => some.map((group) => group.toString(16)).join(':')
  if (best.length < 2) return text(groups)
  return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`
}
