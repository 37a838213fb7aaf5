// Files opened through an administrative share (Security 5145, "Detailed File Share"; Zeek's smb_files): ADMIN$, C$ and the other drives'. Shares that people use are
// left out: their files are opened by the thousand.

import type { SourceEvent, SourceShape } from '../events/event.ts'
import { accountRef, subjectAccount } from './account-ref.ts'
import { parseAddress } from './address.ts'
import type { FactExtractor, ReadFacts } from './extractor.ts'
import type { AccountRef } from './fact.ts'
import { detailFields, factBase, field } from './field.ts'
import { isWindowsEvent } from './windows-event.ts'

export const shareFile: FactExtractor = {
  name: 'share-file',
  bind: (shape) => bindAudit(shape) ?? bindWire(shape),
}

const isAdministrative = (share: string | undefined): share is string => /(?:^|\\)(?:ADMIN|[A-Z])\$$/i.test(share ?? '')
const pathOf = (share: string, name: string): string => `${share.slice(share.lastIndexOf('\\') + 1)}\\${name}`

function bindAudit(shape: SourceShape): ReadFacts | undefined {
  if (!isWindowsEvent(shape, 'security', 5145)) return undefined
  return reader(shape, {
    share: 'ShareName',
    name: 'RelativeTargetName',
    address: 'IpAddress',
    account: subjectAccount(shape),
    detail: detailFields(shape, ['AccessMask']),
  })
}

/** Zeek logs a file when it is opened; its size is that of before: a file of no bytes is a new one. */
function bindWire(shape: SourceShape): ReadFacts | undefined {
  if (!shape.is({ product: 'zeek', service: 'smb_files' })) return undefined
  return reader(shape, {
    share: 'path',
    name: 'name',
    address: 'id.orig_h',
    account: accountRef(shape, { name: ['username'], domain: ['domainname'] }),
    detail: detailFields(shape, ['action', 'size'], 64),
  })
}

interface Places {
  share: string
  name: string
  address: string
  account: (event: SourceEvent) => AccountRef
  detail: (event: SourceEvent) => Record<string, string>
}

function reader(shape: SourceShape, places: Places): ReadFacts {
  const share = field(shape, [places.share])
  const name = field(shape, [places.name])
  const address = field(shape, [places.address], 64)
  return (event, emit) => {
    const shared = share(event)
    const path = name(event)
    // The share's own root is opened with every visit.
    if (path === undefined || path === '\\' || !isAdministrative(shared)) return
    const from = parseAddress(address(event))
    emit({
      kind: 'effect',
      ...factBase(event),
      what: 'share-file',
      account: places.account(event),
      name: pathOf(shared, path),
      detail: { ...(from !== undefined && { IpAddress: from }), ...places.detail(event) },
    })
  }
}
