// Times as seconds since 1970 with a fraction in decimal digits (Zeek's `ts`, auditd's `audit(1604996384.965:93777)`), read digit by digit: as a
// double the sixth decimal would be lost to rounding.

/** Microseconds since 1970 UTC of `1604996384.965` in [start, end); finer digits are cut off. NaN when anything else stands there. */
export function parseEpochSeconds(bytes: Uint8Array, start: number, end: number): number {
  let seconds = 0
  let at = start
  for (; at < end && bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) seconds = seconds * 10 + (bytes[at] - 0x30)
  // Eleven digits are the year 5138.
  if (at === start || at - start > 11) return Number.NaN
  let fraction = 0
  if (at < end) {
    if (bytes[at] !== 0x2e) return Number.NaN
    let unit = 100_000
    for (at++; at < end && bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) {
      fraction += (bytes[at] - 0x30) * unit
      unit = unit >= 10 ? unit / 10 : 0
    }
    if (at < end) return Number.NaN
  }
  return seconds * 1_000_000 + fraction
}
