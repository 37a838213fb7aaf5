// Files and registry values that are written.
import type { InputValue } from '@crosstalk/evtx'
import { add, type Process, ref } from './machine.ts'
import { nameOf } from './people.ts'

/** Sysmon 11. */
export function createFile(time: number, process: Process, file: string): void {
  const created = new Date(time).toISOString().replace('T', ' ').slice(0, 23)
  add(process, time, 11, [
    ...ref(process),
    ['TargetFilename', file],
    ['CreationUtcTime', created],
    ['User', nameOf(process.session.account)],
  ])
}

/** Sysmon 13. */
export function setRegistry(time: number, process: Process, key: string, details: string): void {
  const user: [string, InputValue] = ['User', nameOf(process.session.account)]
  add(process, time, 13, [
    ['EventType', 'SetValue'],
    ...ref(process),
    ['TargetObject', key],
    ['Details', details],
    user,
  ])
}
