// Events of the Security channel: https://learn.microsoft.com/previous-versions/windows/it-pro/windows-10/security/threat-protection/auditing/
import type { InputValue } from '@crosstalk/evtx'
import type { LogRecord, RecordStart } from './record.ts'

/** event id → task (audit subcategory) and version */
const KINDS: Record<number, { task: number; version: number }> = {
  4624: { task: 12544, version: 2 },
  4634: { task: 12545, version: 0 },
  4648: { task: 12544, version: 0 },
  4672: { task: 12548, version: 0 },
  4688: { task: 13312, version: 2 },
  4768: { task: 14339, version: 0 },
  4769: { task: 14337, version: 0 },
  5140: { task: 12808, version: 1 },
  5145: { task: 12811, version: 0 },
}
/** "Audit Success" */
const SUCCESS = 0x8020000000000000n

export function security(
  start: RecordStart,
  eventId: number,
  data: readonly (readonly [string, InputValue])[],
): LogRecord {
  return {
    ...start,
    channel: 'Security',
    provider: { name: 'Microsoft-Windows-Security-Auditing', guid: '{54849625-5478-4994-A5BA-3E3B0328C30D}' },
    eventId,
    ...KINDS[eventId],
    level: 0,
    opcode: 0,
    keywords: SUCCESS,
    data,
  }
}
