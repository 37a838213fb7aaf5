// Windows services, and what DCOM says of local activations.
import { dcomPermission, serviceControl } from '../windows/system.ts'
import { type Machine, type Session, written } from './machine.ts'

/** System 7036. */
export function serviceState(where: Machine, time: number, name: string, state: 'running' | 'stopped'): void {
  where.records.push(
    serviceControl(written(where, time, 'scm'), 7036, [
      ['param1', name],
      ['param2', state],
    ]),
  )
}

/** System 7045. */
export function installService(
  where: Machine,
  time: number,
  name: string,
  imagePath: string,
  startType: 'demand start' | 'auto start',
): void {
  where.records.push(
    serviceControl(written(where, time, 'scm'), 7045, [
      ['ServiceName', name],
      ['ImagePath', imagePath],
      ['ServiceType', 'user mode service'],
      ['StartType', startType],
      ['AccountName', 'LocalSystem'],
    ]),
  )
}

/** System 10016: every Windows has it, and it means nothing. */
export function activationRefused(where: Machine, time: number, own: Session): void {
  where.records.push(
    dcomPermission(written(where, time, 'dcom'), own.account.sid, [
      ['param1', 'application-specific'],
      ['param2', 'Local'],
      ['param3', 'Activation'],
      ['param4', '{2593F8B9-4EAF-457C-B68A-50F6B8EA6B54}'],
      ['param5', '{15C20B67-12E7-4BB6-92BB-7AFF07997402}'],
      ['param6', own.account.domain],
      ['param7', own.account.name],
      ['param8', own.account.sid],
      ['param9', 'LocalHost (Using LRPC)'],
      ['param10', 'Unavailable'],
      ['param11', 'Unavailable'],
    ]),
  )
}
