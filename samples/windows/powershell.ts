// PowerShell's script block logging (event 4104), as Windows PowerShell 5.1 writes it with the policy on.
import type { LogRecord, RecordStart } from './record.ts'

export interface ScriptBlock {
  text: string
  id: string
  /** '' for what was typed or given with -Command */
  path: string
}

export function scriptBlock(start: RecordStart, userSid: string, { text, id, path }: ScriptBlock): LogRecord {
  return {
    ...start,
    channel: 'Microsoft-Windows-PowerShell/Operational',
    provider: { name: 'Microsoft-Windows-PowerShell', guid: '{A0C1853B-5C40-4B15-8766-3CF1C58F985A}' },
    eventId: 4104,
    version: 1,
    level: 5,
    task: 2,
    opcode: 15,
    keywords: 0x0n,
    userSid,
    data: [
      ['MessageNumber', 1],
      ['MessageTotal', 1],
      ['ScriptBlockText', text],
      ['ScriptBlockId', id],
      ['Path', path],
    ],
  }
}
