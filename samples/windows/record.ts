// A Windows event as a scenario makes it: everything that the log writer needs to write it as Windows would.
import type { InputValue } from '@crosstalk/evtx'

export interface LogRecord {
  /** milliseconds since 1970 */
  time: number
  computer: string
  channel: string
  provider: { name: string; guid: string }
  eventId: number
  qualifiers?: number
  version: number
  level: number
  task: number
  opcode: number
  keywords: bigint
  /** of the process that wrote the record */
  processId: number
  threadId: number
  userSid?: string
  data: readonly (readonly [name: string, value: InputValue])[]
}

/** What one channel's records have in common. */
export type RecordStart = Pick<LogRecord, 'time' | 'computer' | 'processId' | 'threadId'>
