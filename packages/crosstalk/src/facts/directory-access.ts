// Rights of domain controllers used by an account (Security 4662): replication, which DCSync asks for; a replica of one's own, which DCShadow sets up; the domain's
// backup key among the secrets of LSA.
import { subjectAccount } from './account-ref.ts'
import type { FactExtractor } from './extractor.ts'
import { detailFields, factBase, field, MAX_TEXT } from './field.ts'
import { isWindowsEvent } from './windows-event.ts'

/** Control access rights ([MS-ADTS] 5.1.3.2.1). */
const RIGHTS: Readonly<Record<string, string>> = {
  '1131f6aa-9c07-11d1-f79f-00c04fc2dcd2': 'DS-Replication-Get-Changes',
  '1131f6ad-9c07-11d1-f79f-00c04fc2dcd2': 'DS-Replication-Get-Changes-All',
  '89e95b76-444d-4c62-991a-0facbeda640c': 'DS-Replication-Get-Changes-In-Filtered-Set',
  '1131f6ac-9c07-11d1-f79f-00c04fc2dcd2': 'DS-Replication-Manage-Topology',
  '9923a32a-3607-11d2-b9be-0000f87a36b2': 'DS-Install-Replica',
}
const RIGHT = new RegExp(Object.keys(RIGHTS).join('|'), 'i')
/** Secrets that hold the domain's backup keys ([MS-BKRP] 3.1.4.1); `G$` is a global secret ([MS-LSAD] 3.1.1.4). */
const BACKUP_KEY = /\\secrets\\(G\$BCKUPKEY_[^\\]*)$/i

export const directoryAccess: FactExtractor = {
  name: 'directory-access',
  bind(shape) {
    if (!isWindowsEvent(shape, 'security', 4662)) return undefined
    const properties = field(shape, ['Properties'], MAX_TEXT)
    const object = field(shape, ['ObjectName'], MAX_TEXT)
    const detail = detailFields(shape, ['ObjectName', 'ObjectType', 'AccessMask', 'OperationType'])
    const account = subjectAccount(shape)
    return (event, emit) => {
      const right = RIGHT.exec(properties(event) ?? '')
      const key = right ? null : BACKUP_KEY.exec(object(event) ?? '')
      const name = right ? RIGHTS[right[0].toLowerCase()] : key?.[1]
      if (!name) return
      emit({
        kind: 'effect',
        ...factBase(event),
        what: 'directory-access',
        account: account(event),
        name,
        detail: { ...(right && { Properties: right[0] }), ...detail(event) },
      })
    }
  },
}
