// Arguments of calls on queues, shared memory and semaphores, as Tracee names them, in the words that auditd's calls have: numbers in hexadecimal, by their place.
// Source: aquasecurity/tracee, pkg/events/core.go (msgget … mq_timedsend).
import type { FieldValue } from '@crosstalk/sigma'

/** Tracee's event, and the call of Linux: alike. */
export const OBJECT_CALLS: readonly string[] =
  'msgget msgsnd msgrcv msgctl shmget shmat shmctl semget semop semtimedop semctl mq_open mq_unlink mq_timedsend mq_timedreceive'.split(
    ' ',
  )

const PLACES: Readonly<Record<string, string>> = {
  key: 'Argument0',
  msqid: 'Argument0',
  shmid: 'Argument0',
  semid: 'Argument0',
  msgflg: 'Argument1',
  oflag: 'Argument1',
  semflg: 'Argument2',
}
const FLAGS: readonly (readonly [name: string, bit: number])[] = [
  ['IPC_CREAT', 0x200],
  ['O_CREAT', 0x40],
]

export function objectArguments(call: string, name: string, value: FieldValue): [string, FieldValue][] {
  if (name === 'name' && call.startsWith('mq_') && typeof value === 'string' && value !== '')
    return [['TargetFilename', `/dev/mqueue/${value.replace(/^\//, '')}`]]
  if (name === 'mqdes') return [['mqdes', value]]
  // shmflg is the third argument of shmget and of shmat.
  const place = name === 'shmflg' ? 'Argument2' : Object.hasOwn(PLACES, name) ? PLACES[name] : undefined
  const number = place && numberOf(value)
  return place && number !== undefined ? [[place, number]] : []
}

/** With parsed arguments flags are words: `IPC_CREAT|0600`. */
function numberOf(value: FieldValue): string | undefined {
  if (typeof value === 'number' && Number.isInteger(value)) return (value >>> 0).toString(16)
  if (typeof value !== 'string') return undefined
  if (/^-?\d{1,10}$/.test(value)) return (Number(value) >>> 0).toString(16)
  const words = value.split('|')
  return FLAGS.reduce((bits, [word, bit]) => (words.includes(word) ? bits | bit : bits), 0).toString(16)
}
