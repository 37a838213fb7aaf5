// Audit records as auditd writes them, made of what a collector kept of them: so that they are read, and assembled, as those that auditd wrote itself.
import { isTextField } from './audit-values.ts'

/** A field and its value as bytes or text; undefined and null: `(null)`, as the kernel writes it. */
export type RecordField = readonly [name: string, value: Buffer | string | number | boolean | null | undefined]

/** The line of one record; `id` is `SECONDS.MILLIS:SERIAL`. */
export function auditLine(type: string, id: string, node: string, fields: readonly RecordField[]): string {
  const head = `${node ? `node=${node.replaceAll(' ', '')} ` : ''}type=${type} msg=audit(${id}):`
  return fields.reduce((line, [name, value]) => `${line} ${name}=${written(type, name, value)}`, head)
}

function written(type: string, name: string, value: RecordField[1]): string {
  if (value === null || value === undefined) return '(null)'
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(String(value))
  if (isTextField(type, name)) {
    // Harmless text is quoted, all other written in hexadecimal digits (audit_log_untrustedstring, kernel/audit.c).
    for (const byte of bytes)
      if (byte < 0x21 || byte > 0x7e || byte === 0x22) return bytes.toString('hex').toUpperCase()
    return `"${bytes.toString('latin1')}"`
  }
  if (name === 'saddr') return bytes.toString('hex').toUpperCase()
  const text = bytes.toString('utf8')
  return /[\s"']/.test(text) ? `"${text.replaceAll('"', "'").replace(/[\r\n]+/g, ' ')}"` : text
}
