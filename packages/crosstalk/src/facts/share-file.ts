// Files opened through an administrative share (Security 5145, "Detailed File Share"): ADMIN$, C$ and the other drives'. Shares that people use are left out: their
// files are opened by the thousand.
import { subjectAccount } from './account-ref.ts'
import { parseAddress } from './address.ts'
import type { FactExtractor } from './extractor.ts'
import { detailFields, factBase, field } from './field.ts'
import { isWindowsEvent } from './windows-event.ts'

export const shareFile: FactExtractor = {
  name: 'share-file',
  bind(shape) {
    if (!isWindowsEvent(shape, 'security', 5145)) return undefined
    const share = field(shape, ['ShareName'])
    const target = field(shape, ['RelativeTargetName'])
    const address = field(shape, ['IpAddress'], 64)
    const account = subjectAccount(shape)
    const detail = detailFields(shape, ['AccessMask'])
    return (event, emit) => {
      const shared = share(event)
      const path = target(event)
      if (path === undefined || path === '\\' || shared === undefined || !/(?:^|\\)(?:ADMIN|[A-Z])\$$/i.test(shared))
        return
      const from = parseAddress(address(event))
      emit({
        kind: 'effect',
        ...factBase(event),
        what: 'share-file',
        account: account(event),
        name: `${shared.slice(shared.lastIndexOf('\\') + 1)}\\${path}`,
        detail: { ...(from !== undefined && { IpAddress: from }), ...detail(event) },
      })
    }
  },
}
