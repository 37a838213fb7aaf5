// Services: installed (System 7045, Security 4697), their state (7036), their start type (7040).
import type { SourceShape } from '../events/event.ts'
import { accountRef, subjectAccount } from './account-ref.ts'
import type { FactExtractor, ReadFacts } from './extractor.ts'
import type { Effect } from './fact.ts'
import { detailFields, factBase, field, hasField, MAX_TEXT } from './field.ts'
import { windowsEvent } from './windows-event.ts'

export const serviceInstalled: FactExtractor = {
  name: 'service-installed',
  bind(shape) {
    const event = windowsEvent(shape)
    const is7045 = event?.log === 'service-control-manager' && event.id === 7045
    if (!is7045 && !(event?.log === 'security' && event.id === 4697)) return undefined
    const names = is7045
      ? ['ImagePath', 'ServiceType', 'StartType']
      : [
          'ServiceFileName',
          'ServiceType',
          'ServiceStartType',
          'ServiceAccount',
          'RpcCallClientLocality',
          'ClientProcessId',
        ]
    return effect(shape, 'service-installed', ['ServiceName'], names)
  },
}

/** 7036: param1 the service's display name, param2 its new state in the language of the system. */
export const serviceState: FactExtractor = {
  name: 'service-state',
  bind: (shape) => bindControlManager(shape, 7036, 'service-state', ['param1', 'param2']),
}

/** 7040: param1 display name, param2 old and param3 new start type, param4 the service's name. */
export const serviceChanged: FactExtractor = {
  name: 'service-changed',
  bind: (shape) => bindControlManager(shape, 7040, 'service-changed', ['param1', 'param2', 'param3', 'param4']),
}

function bindControlManager(
  shape: SourceShape,
  id: number,
  what: Effect['what'],
  names: readonly string[],
): ReadFacts | undefined {
  const event = windowsEvent(shape)
  if (event?.log !== 'service-control-manager' || event.id !== id) return undefined
  return effect(shape, what, ['param4', 'param1'], names)
}

function effect(
  shape: SourceShape,
  what: Effect['what'],
  nameFields: readonly string[],
  detailNames: readonly string[],
): ReadFacts {
  const name = field(shape, nameFields)
  const detail = detailFields(shape, detailNames, MAX_TEXT)
  const account = causer(shape)
  return (event, emit) => {
    const called = name(event)
    if (called === undefined) return
    emit({ kind: 'effect', ...factBase(event), what, account: account(event), name: called, detail: detail(event) })
  }
}

/**
 * Who caused it: 4697's subject; for System's events the user of the record's header, which NXLog spells out as `AccountName` and `Domain`
 * (7045 has a field `AccountName` of its own, the account that the service runs as: told apart by the `Domain` beside it).
 */
function causer(shape: SourceShape): ReturnType<typeof accountRef> {
  if (hasField(shape, 'SubjectUserName')) return subjectAccount(shape)
  const nxlog = hasField(shape, 'Domain') && hasField(shape, 'AccountName')
  return accountRef(shape, {
    name: nxlog ? ['AccountName'] : [],
    domain: nxlog ? ['Domain'] : [],
    sid: ['UserID', 'Security_UserID', 'UserId'],
  })
}
