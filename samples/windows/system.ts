// Events of the System channel: the service control manager's, and DCOM's own.
import type { InputValue } from '@crosstalk/evtx'
import type { LogRecord, RecordStart } from './record.ts'

export function serviceControl(
  start: RecordStart,
  eventId: 7036 | 7040 | 7045,
  data: readonly (readonly [string, InputValue])[],
): LogRecord {
  return {
    ...start,
    channel: 'System',
    provider: {
      name: 'Service Control Manager',
      guid: '{555908D1-A6D7-4695-8E1E-26931D2012F4}',
    },
    eventId,
    qualifiers: 16384,
    version: 0,
    level: 4,
    task: 0,
    opcode: 0,
    keywords: 0x8080000000000000n,
    ...(eventId === 7036 ? {} : { userSid: 'S-1-5-18' }),
    data,
  }
}

/** 10016: a local activation without permission, which every Windows logs every day. */
export function dcomPermission(
  start: RecordStart,
  userSid: string,
  data: readonly (readonly [string, InputValue])[],
): LogRecord {
  return {
    ...start,
    channel: 'System',
    provider: {
      name: 'Microsoft-Windows-DistributedCOM',
      guid: '{1B562E86-B7AA-4131-BADC-B6F3A001407E}',
    },
    eventId: 10016,
    qualifiers: 0,
    version: 0,
    level: 3,
    task: 0,
    opcode: 0,
    keywords: 0x8080000000000000n,
    userSid,
    data,
  }
}
