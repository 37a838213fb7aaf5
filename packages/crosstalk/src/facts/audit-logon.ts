// Logons that programs of Linux tell the audit system of: PAM (linux-pam, libpam/pam_audit.c) and OpenSSH (audit-linux.c) through audit_log_acct_message of libaudit.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { parseLogonId, parseUnixId } from './account-ref.ts'
import { parseAddress, parsePort } from './address.ts'
import type { FactExtractor } from './extractor.ts'
import type { AccountRef, Logon } from './fact.ts'
import { type Field, factBase, field } from './field.ts'
import { baseName, parsePid } from './process-ref.ts'

/** USER_ACCT, CRED_ACQ and kin tell of the same logon again: the account was valid, it got its credentials. */
const OUTCOMES: Readonly<Record<string, Logon['outcome']>> = {
  USER_LOGIN: 'logon',
  USER_START: 'logon',
  USER_AUTH: 'failed',
  USER_END: 'logoff',
  USER_LOGOUT: 'logoff',
}

/** Programs that give a process of a session another account; they open no session. */
const SWITCHES = /^(?:su|sudo|sudoedit|doas|runuser|pkexec|newgrp|sg|polkit-agent-helper-1)$/

export const auditLogon: FactExtractor = {
  name: 'audit-logon',
  bind(shape) {
    if (!shape.is({ product: 'linux', service: 'auditd' })) return undefined
    const type = shape.constant('type') ?? ''
    const outcome = Object.hasOwn(OUTCOMES, type) ? OUTCOMES[type] : undefined
    if (!outcome) return undefined
    const read = bindRecord(shape)
    return (event, emit) => {
      const fact = read(event, outcome)
      if (fact) emit(fact)
    }
  },
}

function bindRecord(shape: SourceShape): (event: SourceEvent, outcome: Logon['outcome']) => Logon | undefined {
  const result = words(shape, 'res')
  const called = words(shape, 'acct')
  const program = words(shape, 'exe')
  const addresses = [words(shape, 'addr'), words(shape, 'hostname')]
  const port = words(shape, 'rport')
  const pid = words(shape, 'pid')
  const login = loginAccount(shape)
  return (event, told) => {
    const isSuccess = /^(?:success|yes|1)$/.test(result(event) ?? '')
    // What was asked for and refused is a failed logon, whichever record says so; that a password was right is not yet one.
    if (told === 'failed' ? isSuccess : told === 'logoff' && !isSuccess) return undefined
    const outcome = isSuccess ? told : 'failed'
    const image = program(event)
    const service = baseName(image)
    const by = login(event)
    const name = nameOf(called(event))
    const isSwitch = SWITCHES.test(service)
    if (isSwitch && outcome === 'logoff') return undefined
    const account: AccountRef = outcome === 'failed' || isSwitch ? {} : { ...by }
    if (name !== undefined) account.name = name
    const fact: Logon = { kind: 'logon', ...factBase(event), outcome, account, service }
    fact.process = { pid: parsePid(pid(event)), image }
    if (isSwitch) {
      if (outcome === 'logon' && by.name !== name) fact.outcome = 'explicit'
      else if (outcome === 'logon') return undefined
      fact.by = by
      return fact
    }
    for (const address of addresses) fact.address ??= numeric(parseAddress(address(event)))
    fact.port = parsePort(port(event))
    return fact
  }
}

/** Before version 1.6 of libaudit the results stood in brackets: `(hostname=?, addr=?, terminal=cron res=success)`. */
function words(shape: SourceShape, name: string): Field {
  const text = field(shape, [name])
  return (event) => {
    const plain = text(event)?.replace(/[,)']+$/, '')
    return plain === '' || plain === '?' ? undefined : plain
  }
}

/** OpenSSH writes `(unknown)`, `(invalid user)`; another name that is in brackets is none either. */
const nameOf = (name: string | undefined): string | undefined => (name?.startsWith('(') ? undefined : name)

/** `hostname` may be a name. */
const numeric = (address: string | undefined): string | undefined =>
  address !== undefined && /^[\d.]+$|:/.test(address) ? address : undefined

/** The account that logged on, by its number (`auid`) and, where auditd enriches, its name; and the session. */
function loginAccount(shape: SourceShape): (event: SourceEvent) => AccountRef {
  const auid = field(shape, ['auid'], 32)
  const session = field(shape, ['ses'], 32)
  const enriched = field(shape, ['AUID'])
  return (event) => {
    const account: AccountRef = {}
    const uid = parseUnixId(auid(event))
    const name = enriched(event)
    if (uid !== undefined) {
      account.uid = uid
      account.name = name !== undefined && !/^(?:unset$|unknown\()/.test(name) ? name : uid === '0' ? 'root' : uid
    }
    const logonId = parseLogonId(parseUnixId(session(event)))
    if (logonId !== undefined) account.logonId = logonId
    return account
  }
}
