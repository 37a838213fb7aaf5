// Logon sessions on Windows: Security 4624, 4625, 4634, 4647, 4648, 4672, and 4776 where it failed.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { subjectAccount, targetAccount } from './account-ref.ts'
import { parseAddress, parsePort } from './address.ts'
import type { FactExtractor } from './extractor.ts'
import type { Logon } from './fact.ts'
import { factBase, field } from './field.ts'
import { actorRef } from './process-ref.ts'
import { windowsEvent } from './windows-event.ts'

const OUTCOMES: Readonly<Record<number, Logon['outcome']>> = {
  4624: 'logon',
  4625: 'failed',
  4634: 'logoff',
  4647: 'logoff',
  4648: 'explicit',
  4672: 'privileged',
  4776: 'failed',
}

export const logon: FactExtractor = {
  name: 'logon',
  bind(shape) {
    const event = windowsEvent(shape)
    const outcome = event?.log === 'security' ? OUTCOMES[event.id] : undefined
    if (!event || !outcome) return undefined
    if (outcome === 'privileged') return readPrivileged(shape)
    const read = readLogon(shape, outcome)
    if (event.id !== 4776) return (one, emit) => emit(read(one))
    // Credential validation: status 0 is success, and 4624 on the host that was logged on to tells that better.
    const status = field(shape, ['Status'], 32)
    return (one, emit) => {
      if (!/^(0x)?0*$/i.test(status(one) ?? '')) emit(read(one))
    }
  },
}

/** 4672 names the new session as its subject. */
function readPrivileged(shape: SourceShape): NonNullable<ReturnType<FactExtractor['bind']>> {
  const account = subjectAccount(shape)
  return (event, emit) => emit({ kind: 'logon', ...factBase(event), outcome: 'privileged', account: account(event) })
}

function readLogon(shape: SourceShape, outcome: Logon['outcome']): (event: SourceEvent) => Logon {
  const account = targetAccount(shape)
  const subject = subjectAccount(shape)
  const type = field(shape, ['LogonType'], 16)
  const address = field(shape, ['IpAddress'])
  const port = field(shape, ['IpPort'], 16)
  const workstation = field(shape, ['WorkstationName', 'Workstation'])
  const authentication = field(shape, ['AuthenticationPackageName'], 64)
  const process = actorRef(shape)
  const target = field(shape, ['TargetServerName'])
  return (event) => {
    const fact: Logon = { kind: 'logon', ...factBase(event), outcome, account: account(event) }
    const logonType = Number(type(event))
    if (Number.isInteger(logonType)) fact.logonType = logonType
    fact.address = parseAddress(address(event))
    fact.port = parsePort(port(event))
    fact.workstation = workstation(event)?.replace(/^\\\\/, '')
    if (outcome === 'logoff') return fact
    const proof = authentication(event)
    if (proof !== undefined) fact.authentication = proof
    const by = process(event)
    if (by.pid) fact.process = by
    if (outcome !== 'explicit') return fact
    fact.target = target(event)
    fact.by = subject(event)
    return fact
  }
}
