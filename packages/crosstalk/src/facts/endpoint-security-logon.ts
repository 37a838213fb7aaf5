// Logons on macOS as Endpoint Security tells them (Apple, ESMessage.h: es_event_openssh_login_t, es_event_login_login_t, es_event_lw_session_login_t, es_event_screensharing_attach_t,
// es_event_su_t, es_event_sudo_t, es_event_authentication_t).
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { parseLogonId, parseUnixId } from './account-ref.ts'
import { parseAddress } from './address.ts'
import type { FactExtractor } from './extractor.ts'
import type { AccountRef, AccountTold, Logon } from './fact.ts'
import { factBase, field } from './field.ts'
import { actorRef } from './process-ref.ts'

interface LogonEvent {
  readonly service: string
  readonly outcome: Logon['outcome']
  /** the account's name and number, below `event.<type>.` */
  readonly name: readonly string[]
  readonly uid?: readonly string[]
  /** who asked, where that is another account */
  readonly by?: { readonly name: string; readonly uid: string }
  /** the event's process runs in the session that it tells of */
  readonly ownSession?: true
  /** told is which number the account has, and no logon */
  readonly numberOnly?: true
  /** only what was refused: that a password was right is no logon yet */
  readonly refusedOnly?: true
}

const EVENTS: Readonly<Record<string, LogonEvent>> = {
  openssh_login: { service: 'sshd', outcome: 'logon', name: ['username'], uid: ['uid', 'uid.uid'] },
  openssh_logout: { service: 'sshd', outcome: 'logoff', name: ['username'], uid: ['uid'] },
  login_login: { service: 'login', outcome: 'logon', name: ['username'], uid: ['uid', 'uid.uid'] },
  login_logout: { service: 'login', outcome: 'logoff', name: ['username'], uid: ['uid'] },
  lw_session_login: { service: 'loginwindow', outcome: 'logon', name: ['username'], ownSession: true },
  lw_session_logout: { service: 'loginwindow', outcome: 'logoff', name: ['username'], ownSession: true },
  // A screen that is locked ends no session: who sits there has the number that loginwindow runs for.
  lw_session_lock: { service: 'loginwindow', outcome: 'logon', name: ['username'], ownSession: true, numberOnly: true },
  lw_session_unlock: {
    service: 'loginwindow',
    outcome: 'logon',
    name: ['username'],
    ownSession: true,
    numberOnly: true,
  },
  screensharing_attach: {
    service: 'screensharing',
    outcome: 'logon',
    name: ['session_username', 'authentication_username'],
  },
  su: { service: 'su', outcome: 'explicit', name: ['to_username'], by: { name: 'from_username', uid: 'from_uid' } },
  sudo: { service: 'sudo', outcome: 'explicit', name: ['to_username'], by: { name: 'from_username', uid: 'from_uid' } },
  authentication: { service: 'authentication', outcome: 'failed', name: ['data.od.record_name'], refusedOnly: true },
}

export const endpointSecurityLogon: FactExtractor = {
  name: 'endpoint-security-logon',
  bind(shape) {
    if (!shape.is({ product: 'macos', service: 'endpoint_security' })) return undefined
    const type = String(shape.eventId)
    const one = Object.hasOwn(EVENTS, type) ? EVENTS[type] : undefined
    if (!one) return undefined
    const read = bindLogon(shape, one, `event.${type}.`)
    return (event, emit) => {
      const fact = read(event)
      if (fact) emit(fact)
    }
  },
}

function bindLogon(
  shape: SourceShape,
  one: LogonEvent,
  below: string,
): (event: SourceEvent) => Logon | AccountTold | undefined {
  const inEvent = (...names: readonly string[]) =>
    field(
      shape,
      names.map((name) => below + name),
    )
  const success = inEvent('success')
  const name = inEvent(...one.name)
  const uid = inEvent(...(one.uid ?? []))
  const address = inEvent('source_address')
  const byName = one.by && inEvent(one.by.name)
  const byUid = one.by && inEvent(one.by.uid)
  const session = field(shape, ['LogonId'], 32)
  const loginUid = field(shape, ['process.audit_token.auid'], 32)
  const process = actorRef(shape)
  return (event) => {
    const refused = success(event) === 'false'
    if (one.refusedOnly && !refused) return undefined
    const logonId = parseLogonId(session(event))
    const account = accountOf(name(event), uid(event) ?? (one.ownSession && loginUid(event)))
    if (one.numberOnly)
      return account.name && account.uid ? { kind: 'account-told', ...factBase(event), account } : undefined
    if (one.ownSession && !refused && logonId !== undefined) account.logonId = logonId
    const fact: Logon = {
      kind: 'logon',
      ...factBase(event),
      outcome: refused ? 'failed' : one.outcome,
      account,
      service: one.service,
      process: process(event),
    }
    const from = parseAddress(address(event))
    if (from !== undefined) fact.address = from
    if (byName && byUid)
      fact.by = { ...accountOf(byName(event), byUid(event)), ...(logonId !== undefined && { logonId }) }
    return fact
  }
}

function accountOf(name: string | undefined, uid: string | undefined): AccountRef {
  const number = parseUnixId(uid)
  return { ...(name !== undefined && { name }), ...(number !== undefined && { uid: number }) }
}
