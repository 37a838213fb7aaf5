// What is opened over SMB.
import { security } from '../windows/security.ts'
import { type Machine, type Session, subject, written } from './machine.ts'
import type { Peer } from './network.ts'

export interface ShareAccess {
  session: Session
  from: Peer
  share: 'IPC$' | 'SYSVOL' | 'Projects'
  name: string
  write?: boolean
}

/** Security 5145: a file or pipe of a share is opened. */
export function openShare(
  where: Machine,
  time: number,
  { session: own, from, share, name, write = true }: ShareAccess,
): void {
  where.records.push(
    security(written(where, time, 'security'), 5145, [
      ...subject(where, own),
      ['ObjectType', 'File'],
      ['IpAddress', from.address],
      ['IpPort', String(from.port)],
      ['ShareName', `\\\\*\\${share}`],
      [
        'ShareLocalPath',
        share === 'IPC$' ? '' : `\\??\\C:\\${share === 'SYSVOL' ? 'Windows\\SYSVOL\\sysvol' : 'Shares\\Projects'}`,
      ],
      ['RelativeTargetName', name],
      ['AccessMask', write ? '0x12019f' : '0x120089'],
      [
        'AccessList',
        write
          ? '%%1538\n\t\t\t\t%%1541\n\t\t\t\t%%4416\n\t\t\t\t%%4417\n\t\t\t\t%%4418\n\t\t\t\t'
          : '%%1538\n\t\t\t\t%%1541\n\t\t\t\t%%4416\n\t\t\t\t',
      ],
      ['AccessReason', '-'],
    ]),
  )
}
