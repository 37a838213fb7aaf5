// Named pipes, served and opened.
import { typed } from '@crosstalk/evtx'
import { add, type Process } from './machine.ts'
import { nameOf } from './people.ts'

/** Sysmon 17: the process serves a pipe. */
export function createPipe(time: number, process: Process, name: string): void {
  pipe(time, process, 17, 'CreatePipe', name)
}

/** Sysmon 18: the process opens a pipe. */
export function connectPipe(time: number, process: Process, name: string): void {
  pipe(time, process, 18, 'ConnectPipe', name)
}

function pipe(time: number, process: Process, eventId: number, eventType: string, name: string): void {
  const { guid, pid, image, session: own } = process
  add(process, time, eventId, [
    ['EventType', eventType],
    ['ProcessGuid', typed('guid', guid)],
    ['ProcessId', typed('uint32', pid)],
    ['PipeName', `\\${name}`],
    ['Image', image],
    ['User', nameOf(own.account)],
  ])
}
