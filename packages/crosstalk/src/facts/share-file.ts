// Files opened through an administrative share (Security 5145, "Detailed File Share"; Zeek's smb_files): ADMIN$, C$ and the other drives'. Shares that people use are
// left out: their files are opened by the thousand.

import type { SourceShape } from '../events/event.ts'
import { accountRef, subjectAccount } from './account-ref.ts'
import { parseAddress } from './address.ts'
import type { FactExtractor, ReadFacts } from './extractor.ts'
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
  const share = field(shape, ['ShareName'])
  const target = field(shape, ['RelativeTargetName'])
  const address = field(shape, ['IpAddress'], 64)
  const account = subjectAccount(shape)
  const detail = detailFields(shape, ['AccessMask'])
  return (event, emit) => {
    const shared = share(event)
    const path = target(event)
    if (path === undefined || path === '\\' || !isAdministrative(shared)) return
    const from = parseAddress(address(event))
    emit({
      kind: 'effect',
      ...factBase(event),
      what: 'share-file',
      account: account(event),
      name: pathOf(shared, path),
      detail: { ...(from !== undefined && { IpAddress: from }), ...detail(event) },
    })
  }
}

/** Zeek logs a file when it is opened; its size is that of before: a file of no bytes is a new one. */
function bindWire(shape: SourceShape): ReadFacts | undefined {
  if (!shape.is({ product: 'zeek', service: 'smb_files' })) return undefined
  const share = field(shape, ['path'])
  const name = field(shape, ['name'])
  const address = field(shape, ['id.orig_h'], 64)
  const account = accountRef(shape, { name: ['username'], domain: ['domainname'] })
  const detail = detailFields(shape, ['action', 'size'], 64)
  return (event, emit) => {
    const shared = share(event)
    const path = name(event)
    if (path === undefined || !isAdministrative(shared)) return
    const from = parseAddress(address(event))
    emit({
      kind: 'effect',
      ...factBase(event),
      what: 'share-file',
      account: account(event),
      name: pathOf(shared, path),
      detail: { ...(from !== undefined && { IpAddress: from }), ...detail(event) },
    })
  }
}
