// Accounts and logons in osquery's tables: users (who has which number), last and logged_in_users (who came, from where, when). Columns: osquery schema 5.x.
import { parseUnixId } from './account-ref.ts'
import { parseAddress } from './address.ts'
import type { FactExtractor, ReadFacts } from './extractor.ts'
import { factBase, field } from './field.ts'
import { parsePid } from './process-ref.ts'

/** USER_PROCESS of utmp(5): somebody is logged on; other types are boots, ends, terminals that wait. */
const USER_PROCESS = /^(?:7|user|user-process)$/i

export const osqueryAccount: FactExtractor = {
  name: 'osquery-account',
  bind(shape): ReadFacts | undefined {
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
      const address = parseAddress(host(event))
      emit({
        kind: 'logon',
        ...factBase(event),
        time: began * 1_000_000,
        outcome: 'logon',
        account: { name: who },
        service: 'utmp',
        // Local sessions have a display or the kernel's version there.
        ...(address !== undefined && /^\d+\.\d+\.\d+\.\d+$|^[\da-f:]*:[\da-f:]*:/.test(address) && { address }),
        process: { pid: parsePid(pid(event)) },
      })
    }
  },
}
