// Who logs on, how and from where.
import { type InputValue, typed } from '@crosstalk/evtx'
import { security } from '../windows/security.ts'
import { guidOf, type Machine, SERVICES, type Session, subject, written } from './machine.ts'
import type { Peer } from './network.ts'

const NOBODY: [string, InputValue][] = [
  ['SubjectUserSid', typed('sid', 'S-1-0-0')],
  ['SubjectUserName', '-'],
  ['SubjectDomainName', '-'],
  ['SubjectLogonId', typed('hex64', 0)],
]

export interface Logon {
  session: Session
  /** 2 at the console, 3 over the network, 5 a service, 7 unlocked, 10 remote desktop */
  type: number
  from?: Peer
  workstation?: string
}

/** Security 4624, and 4672 for those who administer. */
export function logon(where: Machine, time: number, { session: own, type, from, workstation }: Logon): void {
  const network = type === 3
  const console = type === 2 || type === 7
  where.records.push(
    security(written(where, time, 'security'), 4624, [
      ...(network ? NOBODY : subject(where, SERVICES)),
      ['TargetUserSid', typed('sid', own.account.sid)],
      ['TargetUserName', own.account.name],
      ['TargetDomainName', own.account.domain],
      ['TargetLogonId', typed('hex64', own.logonId)],
      ['LogonType', typed('uint32', type)],
      ['LogonProcessName', network ? 'Kerberos' : type === 5 ? 'Advapi  ' : 'User32 '],
      ['AuthenticationPackageName', network ? 'Kerberos' : 'Negotiate'],
      ['WorkstationName', workstation ?? (network ? '-' : where.name)],
      ['LogonGuid', typed('guid', guidOf(where, 0x10000 + own.logonId))],
      ['TransmittedServices', '-'],
      ['LmPackageName', '-'],
      ['KeyLength', typed('uint32', 0)],
      ['ProcessId', typed('hex64', network ? 0 : 0x2a4)],
      [
        'ProcessName',
        network ? '-' : type === 5 ? 'C:\\Windows\\System32\\services.exe' : 'C:\\Windows\\System32\\svchost.exe',
      ],
      ['IpAddress', from?.address ?? (console ? '127.0.0.1' : '-')],
      ['IpPort', from ? String(from.port) : console ? '0' : '-'],
      ['ImpersonationLevel', '%%1833'],
      ['RestrictedAdminMode', '-'],
      ['TargetOutboundUserName', '-'],
      ['TargetOutboundDomainName', '-'],
      ['VirtualAccount', '%%1843'],
      ['TargetLinkedLogonId', typed('hex64', 0)],
      ['ElevatedToken', own.elevated ? '%%1842' : '%%1843'],
    ]),
  )
  if (!own.elevated) return
  where.records.push(
    security(written(where, time + 1, 'security'), 4672, [
      ...subject(where, own),
      [
        'PrivilegeList',
        'SeSecurityPrivilege\n\t\t\tSeTakeOwnershipPrivilege\n\t\t\tSeBackupPrivilege\n\t\t\tSeDebugPrivilege\n\t\t\tSeImpersonatePrivilege',
      ],
    ]),
  )
}

/** Security 4634. */
export function logoff(where: Machine, time: number, own: Session, type: number): void {
  where.records.push(
    security(written(where, time, 'security'), 4634, [
      ['TargetUserSid', typed('sid', own.account.sid)],
      ['TargetUserName', own.account.name],
      ['TargetDomainName', own.account.domain],
      ['TargetLogonId', typed('hex64', own.logonId)],
      ['LogonType', typed('uint32', type)],
    ]),
  )
}
