// Which JSON records are Laurel's, and what is done with one, wherever it stood: its records go where auditd's go.
import type { SourceEvent } from '../../events/event.ts'
import { RECORD_TYPES } from '../auditd/record-types.ts'
import { PlainRecord, plainForms } from '../json-lines/plain-form.ts'
import { auditRecordsOf, parentOf } from './audit-records.ts'

export const LAUREL = 'laurel'

export const findLaurel = plainForms((has) =>
  has('ID') && RECORD_TYPES.some((type) => has(type) || has(`${type}.`)) ? LAUREL : undefined,
)

/** What takes audit records as auditd writes them. */
export interface AuditTaker {
  takeAudit(bytes: Buffer, start: number, end: number, offset: number, length: number, host: string): boolean
  /** A process that was not seen starting. */
  knowProcess(host: string, pid: string, image: string, offset: number): void
}

/** False: its id is none. `host`: where the event itself says none. */
export function takeLaurel(json: SourceEvent, audit: AuditTaker, host: string): boolean {
  const { offset, length } = json
  const event = new PlainRecord(json).object()
  const records = auditRecordsOf(event)
  const parent = parentOf(event)
  const node = typeof event.NODE === 'string' && event.NODE !== '' ? event.NODE : host
  if (parent && records.length > 0) audit.knowProcess(node, parent.pid, parent.image, offset)
  for (const record of records) {
    const bytes = Buffer.from(`${record}\n`)
    audit.takeAudit(bytes, 0, bytes.length - 1, offset, length, host)
  }
  return records.length > 0
}
