// Sysmon's events, schema 4.90: https://learn.microsoft.com/sysinternals/downloads/sysmon
import type { InputValue } from '@crosstalk/evtx'
import type { LogRecord, RecordStart } from './record.ts'

/** event id → version of the event in that schema */
const VERSIONS: Record<number, number> = { 1: 5, 3: 5, 5: 3, 7: 3, 11: 2, 13: 2, 17: 1, 18: 1, 22: 5 }

/** A Sysmon record; `UtcTime` is put in front of the fields, after RuleName. */
export function sysmon(
  start: RecordStart,
  eventId: number,
  fields: readonly (readonly [string, InputValue])[],
): LogRecord {
  return {
    ...start,
    channel: 'Microsoft-Windows-Sysmon/Operational',
    provider: { name: 'Microsoft-Windows-Sysmon', guid: '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}' },
    eventId,
    version: VERSIONS[eventId],
    level: 4,
    task: eventId,
    opcode: 0,
    keywords: 0x8000000000000000n,
    userSid: 'S-1-5-18',
    data: [['RuleName', '-'], ...withTime(start.time, fields)],
  }
}

/** EventType stands before UtcTime where there is one. */
function withTime(time: number, fields: readonly (readonly [string, InputValue])[]): (readonly [string, InputValue])[] {
  const utc = ['UtcTime', new Date(time).toISOString().replace('T', ' ').slice(0, 23)] as const
  const [first, ...rest] = fields
  return first[0] === 'EventType' ? [first, utc, ...rest] : [utc, ...fields]
}
