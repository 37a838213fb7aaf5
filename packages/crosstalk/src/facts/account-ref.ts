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
export const processAccount = (shape: SourceShape) =>
  accountRef(shape, {
    user: ['User'],
    name: ['SubjectUserName'],
    domain: ['SubjectDomainName'],
    sid: ['SubjectUserSid'],
    logonId: ['LogonId', 'SubjectLogonId'],
  })

export const isKnownAccount = (account: AccountRef) => account.name !== undefined || account.sid !== undefined
