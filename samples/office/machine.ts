// A machine of the office, who is logged on to it, and the records that tell of it.
import { type InputValue, typed } from '@crosstalk/evtx'
import type { LogRecord, RecordStart } from '../windows/record.ts'
import { sysmon } from '../windows/sysmon.ts'
import { type Chance, chance } from './chance.ts'
import { type Account, computerAccount, DNS_DOMAIN, SYSTEM } from './people.ts'

export interface Machine {
  name: string
  fqdn: string
  address: string
  account: Account
  records: LogRecord[]
  chance: Chance
  nextPid: number
  started: number
}

/** A logon session. */
export interface Session {
  account: Account
  logonId: number
  /** terminal session: 0 for services */
  terminal: number
  elevated: boolean
}

export interface Process {
  machine: Machine
  pid: number
  guid: string
  image: string
  commandLine: string
  session: Session
  parent?: Process
}

export function machine(name: string, address: string, rid: number): Machine {
  const own = chance(name)
  const fqdn = `${name}.${DNS_DOMAIN}`
  return {
    name,
    fqdn,
    address,
    account: computerAccount(name, rid),
    records: [],
    chance: own,
    nextPid: 400,
    started: 0,
  }
}

export const SERVICES: Session = { account: SYSTEM, logonId: 0x3e7, terminal: 0, elevated: true }

export function session(account: Account, logonId: number, { terminal = 1, elevated = false } = {}): Session {
  return { account, logonId, terminal, elevated }
}

/** Ids of what writes the records: Sysmon, lsass and the event log have theirs. */
const WRITERS = { sysmon: [3120, 4412], security: [4, 252], scm: [704, 5180], dcom: [920, 6044] } as const

/** Records are written a moment after what they tell of. */
export function written(where: Machine, time: number, writer: keyof typeof WRITERS): RecordStart {
  const [processId, threadId] = WRITERS[writer]
  return { time, computer: where.fqdn, processId, threadId }
}

export const ref = (process: Process): [string, InputValue][] => [
  ['ProcessGuid', typed('guid', process.guid)],
  ['ProcessId', typed('uint32', process.pid)],
  ['Image', process.image],
]

/** As Sysmon makes them: the machine, the second, and a number of its own. */
export function guidOf(where: Machine, number: number, time = 0): string {
  const machinePart = [...where.name].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7)
  const seconds = Math.floor(time / 1000)
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0')
  return `{${hex(machinePart, 8)}-${hex((seconds >>> 16) & 0xffff, 4)}-${hex(seconds & 0xffff, 4)}-${hex(number & 0xffff, 4)}-${hex(number >>> 16, 4)}00000000}`
}

/** A Sysmon record of what the process did. */
export function add(process: Process, time: number, eventId: number, fields: [string, InputValue][]): void {
  process.machine.records.push(sysmon(written(process.machine, time, 'sysmon'), eventId, fields))
}

/** Who did it, as the Security channel says it; the machine itself goes by its account in the domain. */
export function subject(where: Machine, own: Session): [string, InputValue][] {
  const isSystem = own.account === SYSTEM
  return [
    ['SubjectUserSid', typed('sid', own.account.sid)],
    ['SubjectUserName', isSystem ? where.account.name : own.account.name],
    ['SubjectDomainName', isSystem ? where.account.domain : own.account.domain],
    ['SubjectLogonId', typed('hex64', own.logonId)],
  ]
}
