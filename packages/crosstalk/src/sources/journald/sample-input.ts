// For tests: entries of the journal, made up.
const two = (at: number) => String(at).padStart(2, '0')

/** A field as the export format writes it. */
export function exported(name: string, value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  const isPlain = bytes.every((byte) => byte >= 0x20 || byte === 0x09)
  if (isPlain) return Buffer.concat([Buffer.from(`${name}=`), bytes, Buffer.from('\n')])
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(bytes.length))
  return Buffer.concat([Buffer.from(`${name}\n`), size, bytes, Buffer.from('\n')])
}

export const entry = (fields: Readonly<Record<string, string | Buffer>>): Buffer =>
  Buffer.concat([...Object.entries(fields).map(([name, value]) => exported(name, value)), Buffer.from('\n')])

export const journalExportSample = (): Buffer =>
  Buffer.concat(
    Array.from({ length: 40 }, (_, at) =>
      entry({
        __CURSOR: `s=1;i=${at}`,
        __REALTIME_TIMESTAMP: `17156772${two(at)}123456`,
        _HOSTNAME: 'box',
        SYSLOG_IDENTIFIER: 'cron',
        PRIORITY: '6',
        // Now and then a value that only the binary form can hold.
        MESSAGE: at % 5 === 0 ? `job ${at}\nand ${'ä'.repeat(at)}` : `job ${at}`,
      }),
    ),
  )
