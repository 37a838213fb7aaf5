// Records of utmp, wtmp and btmp: who logged on, from where, when, and who was refused. utmp(5); glibc, bits/utmp.h: 384 bytes where times have 32 bits there (x86, x86-64, ARM, PowerPC),
// 400 where they have 64 (ARM64). Little-endian machines alone.

/** Where the fields stand that the two layouts do not have in common. */
export interface Layout {
  readonly size: number
  readonly session: number
  readonly seconds: number
  readonly micros: number
  readonly address: number
}

export const LAYOUTS: readonly Layout[] = [
  { size: 384, session: 336, seconds: 340, micros: 344, address: 348 },
  { size: 400, session: 336, seconds: 344, micros: 352, address: 360 },
]

const PID = 4
const LINE = { at: 8, length: 32 }
const ID = { at: 40, length: 4 }
const USER = { at: 44, length: 32 }
const HOST = { at: 76, length: 256 }
const EXIT = 332

const TYPES: readonly string[] = [
  'EMPTY',
  'RUN_LVL',
  'BOOT_TIME',
  'NEW_TIME',
  'OLD_TIME',
  'INIT_PROCESS',
  'LOGIN_PROCESS',
  'USER_PROCESS',
  'DEAD_PROCESS',
  'ACCOUNTING',
]
/** 1980 to 2100: a clock that was not set yet says 1970, and such records say nothing of when. */
const FIRST_TIME = 315_532_800
const LAST_TIME = 4_102_444_800

export interface LoginRecord {
  readonly type: string
  readonly pid: number
  readonly line: string
  readonly id: string
  readonly user: string
  readonly host: string
  readonly exit: number
  readonly session: number
  /** µs since 1970 UTC */
  readonly time: number
  /** of the other end; '' for none */
  readonly address: string
}

/** The record in bytes[at, at + layout.size); undefined: these bytes are none. */
export function readLoginRecord(bytes: Buffer, at: number, layout: Layout): LoginRecord | undefined {
  const type = bytes.readUInt16LE(at)
  const seconds = bytes.readUInt32LE(at + layout.seconds)
  const micros = bytes.readUInt32LE(at + layout.micros)
  // The upper half of a time of 64 bits.
  const isLate = layout.size === 400 && bytes.readUInt32LE(at + layout.seconds + 4) !== 0
  if (type >= TYPES.length || isLate || micros >= 1_000_000) return undefined
  const [line, id, user, host] = [LINE, ID, USER, HOST].map((field) => textAt(bytes, at, field))
  if (line === undefined || id === undefined || user === undefined || host === undefined) return undefined
  return {
    type: TYPES[type],
    pid: bytes.readInt32LE(at + PID),
    line,
    id,
    user,
    host,
    exit: bytes.readInt16LE(at + EXIT + 2),
    session: bytes.readInt32LE(at + layout.session),
    time: seconds < FIRST_TIME || seconds > LAST_TIME ? Number.NaN : seconds * 1_000_000 + micros,
    address: addressAt(bytes, at + layout.address),
  }
}

/** Text up to a NUL or the field's end, without control characters: who logs on chooses it. */
function textAt(bytes: Buffer, at: number, { at: from, length }: { at: number; length: number }): string | undefined {
  const start = at + from
  const nul = bytes.indexOf(0, start)
  const end = nul < 0 || nul > start + length ? start + length : nul
  for (let i = start; i < end; i++) if (bytes[i] < 0x20 || bytes[i] === 0x7f) return undefined
  return bytes.toString('utf8', start, end)
}

/** Four words: the first alone is an IPv4 address, and `::ffff:a.b.c.d` one too. */
function addressAt(bytes: Buffer, at: number): string {
  const words = [0, 2, 4, 6, 8, 10, 12, 14].map((offset) => bytes.readUInt16BE(at + offset))
  if (words.every((word) => word === 0)) return ''
  const four = (from: number): string => [...bytes.subarray(from, from + 4)].join('.')
  if (words.slice(2).every((word) => word === 0)) return four(at)
  if (words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff) return four(at + 12)
  return words.map((word) => word.toString(16)).join(':')
}
