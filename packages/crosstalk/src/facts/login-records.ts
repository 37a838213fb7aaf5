// Accounts and logons in osquery's tables: users (who has which number), last and logged_in_users (who came, from where, when; columns: osquery schema 5.x), and in wtmp and btmp
// themselves, which osquery reads.
import type { SourceShape } from '../events/event.ts'
import { parseUnixId } from './account-ref.ts'
import { parseAddress } from './address.ts'
import type { FactExtractor, ReadFacts } from './extractor.ts'
import { factBase, field } from './field.ts'
import { parsePid } from './process-ref.ts'

/** USER_PROCESS of utmp(5): somebody is logged on; other types are boots, ends, terminals that wait. */
const USER_PROCESS = /^(?:7|user|user-process)$/i

export const loginRecords: FactExtractor = {
  name: 'login-records',
  bind(shape): ReadFacts | undefined {
    if (shape.is({ product: 'linux', service: 'wtmp' })) return readRecords(shape, 'logon')
    if (shape.is({ product: 'linux', service: 'btmp' })) return readRecords(shape, 'failed')
    if (!shape.is({ product: 'osquery' })) return undefined
    const table = String(shape.eventId)
    const name = field(shape, ['username', 'user'])
    if (table === 'users') {
      const uid = field(shape, ['uid'], 32)
      const isWindows = field(shape, ['uuid'])
      return (event, emit) => {
        const account = { name: name(event), uid: parseUnixId(uid(event)) }
        if (!account.name || account.uid === undefined || isWindows(event)?.startsWith('S-1-')) return
        emit({ kind: 'account-told', ...factBase(event), account: { name: account.name, uid: account.uid } })
      }
    }
    if (table !== 'last' && table !== 'logged_in_users') return undefined
    const type = field(shape, ['type'], 32)
    const host = field(shape, ['host'])
    const pid = field(shape, ['pid'], 32)
    const time = field(shape, ['time'], 32)
    return (event, emit) => {
      const who = name(event)
      const began = Number(time(event))
      if (who === undefined || !USER_PROCESS.test(type(event) ?? '') || !(began > 0)) return
      const address = numeric(host(event))
      emit({
        kind: 'logon',
        ...factBase(event),
        time: began * 1_000_000,
        outcome: 'logon',
        account: { name: who },
        service: 'utmp',
        ...(address !== undefined && { address }),
        process: { pid: parsePid(pid(event)) },
      })
    }
  },
}

/** Local sessions have a display or the kernel's version where others have an address or a name. */
function numeric(host: string | undefined): string | undefined {
  const address = parseAddress(host)
  return address !== undefined && /^\d+\.\d+\.\d+\.\d+$|^[\da-f:]*:[\da-f:]*:/.test(address) ? address : undefined
}

/** Of who was refused the type is that of a login that waits (sshd, login); the name may be a password that was typed too early, and is what was asked for all the same. */
function readRecords(shape: SourceShape, outcome: 'logon' | 'failed'): ReadFacts {
  const type = field(shape, ['type'], 32)
  const name = field(shape, ['user'])
  const address = field(shape, ['address'], 64)
  const host = field(shape, ['host'])
  const pid = field(shape, ['pid'], 32)
  return (event, emit) => {
    const who = name(event)
    const kind = type(event)
    if (who === undefined || !(kind === 'USER_PROCESS' || (outcome === 'failed' && kind === 'LOGIN_PROCESS'))) return
    const from = numeric(address(event)) ?? numeric(host(event))
    emit({
      kind: 'logon',
      ...factBase(event),
      outcome,
      account: { name: who },
      service: 'utmp',
      ...(from !== undefined && { address: from }),
      process: { pid: parsePid(pid(event)) },
    })
  }
}
