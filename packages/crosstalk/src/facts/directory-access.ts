// Directory replication asked for by an account: Security 4662 with one of the extended rights that DCSync needs.
import { subjectAccount } from './account-ref.ts'
import type { FactExtractor } from './extractor.ts'
import { detailFields, factBase, field, MAX_TEXT } from './field.ts'
import { isWindowsEvent } from './windows-event.ts'

/** Control access rights ([MS-ADTS] 5.1.3.2.1). */
const REPLICATION_RIGHTS: Readonly<Record<string, string>> = {
  '1131f6aa-9c07-11d1-f79f-00c04fc2dcd2': 'DS-Replication-Get-Changes',
  '1131f6ad-9c07-11d1-f79f-00c04fc2dcd2': 'DS-Replication-Get-Changes-All',
  '89e95b76-444d-4c62-991a-0facbeda640c': 'DS-Replication-Get-Changes-In-Filtered-Set',
}
const RIGHT = new RegExp(Object.keys(REPLICATION_RIGHTS).join('|'), 'i')

export const directoryAccess: FactExtractor = {
  name: 'directory-access',
  bind(shape) {
    if (!isWindowsEvent(shape, 'security', 4662)) return undefined
    const properties = field(shape, ['Properties'], MAX_TEXT)
    const detail = detailFields(shape, ['ObjectName', 'ObjectType', 'AccessMask', 'OperationType'])
    const account = subjectAccount(shape)
    return (event, emit) => {
      const right = RIGHT.exec(properties(event) ?? '')
      if (!right) return
      emit({
        kind: 'effect',
        ...factBase(event),
        what: 'directory-access',
        account: account(event),
        name: REPLICATION_RIGHTS[right[0].toLowerCase()],
        detail: { Properties: right[0], ...detail(event) },
      })
    }
  },
}
