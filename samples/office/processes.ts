// Processes start, load and end.
import { type InputValue, typed } from '@crosstalk/evtx'
import { security } from '../windows/security.ts'
import { sysmon } from '../windows/sysmon.ts'
import { add, guidOf, type Machine, type Process, ref, SERVICES, type Session, subject, written } from './machine.ts'
import { nameOf } from './people.ts'
import { hashes, program } from './programs.ts'

export interface Start {
  image: string
  commandLine?: string
  parent: Process
  /** default: the parent's */
  session?: Session
  folder?: string
}

/** A process starts: Sysmon 1 and Security 4688. */
export function start(time: number, { image, commandLine, parent, session: own, folder }: Start): Process {
  const where = parent.machine
  const process = born(where, time, image, commandLine ?? `"${image}"`, own ?? parent.session, parent)
  const about = program(image)
  const { account, logonId, terminal, elevated } = process.session
  where.records.push(
    sysmon(written(where, time, 'sysmon'), 1, [
      ...ref(process),
      ['FileVersion', about.version],
      ['Description', about.description],
      ['Product', about.product],
      ['Company', about.company],
      ['OriginalFileName', about.originalFileName],
      ['CommandLine', process.commandLine],
      ['CurrentDirectory', folder ?? (terminal ? `C:\\Users\\${account.name}\\` : 'C:\\Windows\\system32\\')],
      ['User', nameOf(account)],
      ['LogonGuid', typed('guid', guidOf(where, 0x10000 + logonId))],
      ['LogonId', typed('hex64', logonId)],
      ['TerminalSessionId', typed('uint32', terminal)],
      ['IntegrityLevel', account.sid.length < 10 ? 'System' : elevated ? 'High' : 'Medium'],
      ['Hashes', hashes(image)],
      ['ParentProcessGuid', typed('guid', parent.guid)],
      ['ParentProcessId', typed('uint32', parent.pid)],
      ['ParentImage', parent.image],
      ['ParentCommandLine', parent.commandLine],
      ['ParentUser', nameOf(parent.session.account)],
    ]),
    security(written(where, time + 1, 'security'), 4688, [
      ...subject(where, parent.session),
      ['NewProcessId', typed('hex64', process.pid)],
      ['NewProcessName', image],
      ['TokenElevationType', elevated ? '%%1937' : '%%1938'],
      ['ProcessId', typed('hex64', parent.pid)],
      ['CommandLine', process.commandLine],
      ...target(process.session, parent.session),
      ['ParentProcessName', parent.image],
      [
        'MandatoryLabel',
        typed('sid', account.sid.length < 10 ? 'S-1-16-16384' : elevated ? 'S-1-16-12288' : 'S-1-16-8192'),
      ],
    ]),
  )
  return process
}

/** A process that was there before the logs begin: it has no start in them. */
export function earlier(where: Machine, image: string, commandLine = image, own: Session = SERVICES): Process {
  return born(where, Date.UTC(2026, 2, 2, 6), image, commandLine, own)
}

function born(
  where: Machine,
  time: number,
  image: string,
  commandLine: string,
  own: Session,
  parent?: Process,
): Process {
  where.nextPid += 4 * where.chance.between(1, 23)
  where.started++
  return {
    machine: where,
    pid: where.nextPid,
    guid: guidOf(where, where.started, time),
    image,
    commandLine,
    session: own,
    parent,
  }
}

/** A process ends: Sysmon 5. */
export function end(time: number, process: Process): void {
  add(process, time, 5, [...ref(process), ['User', nameOf(process.session.account)]])
}

/** Sysmon 7, of which the office records only what is rarely loaded. */
export function loadImage(time: number, process: Process, image: string): void {
  const about = program(image)
  add(process, time, 7, [
    ...ref(process),
    ['ImageLoaded', image],
    ['FileVersion', about.version],
    ['Description', about.description],
    ['Product', about.product],
    ['Company', about.company],
    ['OriginalFileName', about.originalFileName],
    ['Hashes', hashes(image)],
    ['Signed', 'true'],
    ['Signature', 'Microsoft Windows'],
    ['SignatureStatus', 'Valid'],
    ['User', nameOf(process.session.account)],
  ])
}

/** 4688 names a target only when the new process runs as someone else than its creator. */
function target(own: Session, creator: Session): [string, InputValue][] {
  const other = own.account !== creator.account
  return [
    ['TargetUserSid', typed('sid', other ? own.account.sid : 'S-1-0-0')],
    ['TargetUserName', other ? own.account.name : '-'],
    ['TargetDomainName', other ? own.account.domain : '-'],
    ['TargetLogonId', typed('hex64', other ? own.logonId : 0)],
  ]
}
