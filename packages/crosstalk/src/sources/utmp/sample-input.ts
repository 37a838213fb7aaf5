// For tests: a wtmp as x86-64 has it, and one as ARM64 has it.
import { LAYOUTS, type Layout } from './utmp-record.ts'

export interface SampleLogin {
  type: number
  pid: number
  line: string
  user: string
  host: string
  /** seconds since 1970 */
  time: number
  /** four bytes */
  address?: readonly number[]
}

export function writeLogins(logins: readonly SampleLogin[], layout: Layout = LAYOUTS[0]): Buffer {
  return Buffer.concat(
    logins.map(({ type, pid, line, user, host, time, address }) => {
      const bytes = Buffer.alloc(layout.size)
      bytes.writeUInt16LE(type, 0)
      bytes.writeInt32LE(pid, 4)
      bytes.write(line, 8, 32)
      bytes.write(line.slice(-4), 40, 4)
      bytes.write(user, 44, 32)
      bytes.write(host, 76, 256)
      bytes.writeUInt32LE(time, layout.seconds)
      bytes.writeUInt32LE(123_456, layout.micros)
      if (address) bytes.set(address, layout.address)
      return bytes
    }),
  )
}

export const utmpSample = (): Buffer =>
  writeLogins(
    Array.from({ length: 40 }, (_, at) => ({
      type: at % 2 === 0 ? 7 : 8,
      pid: 700 + at,
      line: `pts/${at % 3}`,
      user: at % 2 === 0 ? 'anna' : '',
      host: at % 2 === 0 ? '10.0.0.9' : '',
      time: 1_715_677_200 + at,
      ...(at % 2 === 0 && { address: [10, 0, 0, 9] }),
    })),
  )
