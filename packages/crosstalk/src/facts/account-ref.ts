// An account and its logon session as an event names them.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import type { AccountRef } from './fact.ts'
import { field } from './field.ts'

/** A logon id as `0x3e7`, lower case, no leading zeros; decimal is taken too. undefined for 0 and for what is no number of 64 bits. */
export function parseLogonId(text: string | undefined): string | undefined {
  if (text === undefined || !/^\s*(?:0[xX][0-9a-fA-F]{1,16}|\d{1,20})\s*$/.test(text)) return undefined
  const id = BigInt(text.trim())
  return id === 0n ? undefined : `0x${id.toString(16)}`
}

/** `DOMAIN\user`, `user@domain` or `user`; undefined for no name. */
export function parseAccount(text: string | undefined): { name?: string; domain?: string } {
  const trimmed = text?.trim()
  if (!trimmed || trimmed === '-') return {}
  const cut = trimmed.indexOf('\\')
  if (cut >= 0) {
    const name = trimmed.slice(cut + 1)
    const domain = trimmed.slice(0, cut)
    return { ...(name && { name }), ...(domain && { domain }) }
  }
  const at = trimmed.lastIndexOf('@')
  if (at > 0 && at < trimmed.length - 1) return { name: trimmed.slice(0, at), domain: trimmed.slice(at + 1) }
  return { name: trimmed }
}

interface AccountFieldNames {
  /** a field that holds `DOMAIN\user` */
  user?: readonly string[]
  name?: readonly string[]
  domain?: readonly string[]
  sid?: readonly string[]
  logonId?: readonly string[]
}

const NULL_SID = 'S-1-0-0'

/** Reads the account that fields of these names tell of. */
export function accountRef(shape: SourceShape, names: AccountFieldNames): (event: SourceEvent) => AccountRef {
  const user = field(shape, names.user ?? [])
  const name = field(shape, names.name ?? [])
  const domain = field(shape, names.domain ?? [])
  const sid = field(shape, names.sid ?? [], 200)
  const logonId = field(shape, names.logonId ?? [], 32)
  return (event) => {
    const account: AccountRef = parseAccount(user(event))
    const called = name(event)
    if (called !== undefined) account.name = called
    const of = domain(event)
    if (of !== undefined) account.domain = of
    const id = sid(event)
    if (id !== undefined && id !== NULL_SID) account.sid = id
    const session = parseLogonId(logonId(event))
    if (session !== undefined) account.logonId = session
    return account
  }
}

/** Who caused a Security event. */
export const subjectAccount = (shape: SourceShape) =>
  accountRef(shape, {
    name: ['SubjectUserName'],
    domain: ['SubjectDomainName'],
    sid: ['SubjectUserSid'],
    logonId: ['SubjectLogonId'],
  })

/** Whom a Security event is about. */
export const targetAccount = (shape: SourceShape) =>
  accountRef(shape, {
    name: ['TargetUserName'],
    domain: ['TargetDomainName'],
    sid: ['TargetUserSid', 'TargetSid'],
    logonId: ['TargetLogonId'],
  })

/** The account that a process runs as: Sysmon's `User` and `LogonId`; in the Security log the subject. */
export const processAccount = (shape: SourceShape): ((event: SourceEvent) => AccountRef) =>
  shape.is({ product: 'linux' }) || shape.is({ product: 'macos' })
    ? unixAccount(shape)
    : accountRef(shape, {
        user: ['User'],
        name: ['SubjectUserName'],
        domain: ['SubjectDomainName'],
        sid: ['SubjectUserSid'],
        logonId: ['LogonId', 'SubjectLogonId'],
      })

/** A session or account number of Linux; undefined for `(uint32_t)-1`, which stands for none. */
export function parseUnixId(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text) || text === '4294967295') return undefined
  return String(Number(text))
}

function unixAccount(shape: SourceShape): (event: SourceEvent) => AccountRef {
  // Sysmon for Linux writes the user's number and the terminal's as LogonId, the audit session as TerminalSessionId (SysmonForLinux, ebpfKern/sysmonProcCreate.c).
  const isSysmon = shape.is({ product: 'linux', service: 'sysmon' })
  const user = field(shape, ['User'])
  const uid = field(shape, isSysmon ? ['LogonId'] : ['UserId'], 32)
  const session = field(shape, isSysmon ? ['TerminalSessionId'] : ['LogonId'], 32)
  return (event) => {
    const name = user(event)
    // A name of Unix may hold any character: what a directory's domain is in it cannot be told.
    const account: AccountRef = name === undefined ? {} : { name }
    const written = uid(event)
    const number = isSysmon && /^\d{1,20}$/.test(written ?? '') ? String(BigInt(written!) & 0xffff_ffffn) : written
    const id = parseUnixId(number ?? (name !== undefined && /^\d+$/.test(name) ? name : undefined))
    if (id !== undefined) account.uid = id
    const logonId = parseLogonId(parseUnixId(session(event)))
    if (logonId !== undefined) account.logonId = logonId
    return account
  }
}

export const isKnownAccount = (account: AccountRef) => account.name !== undefined || account.sid !== undefined
