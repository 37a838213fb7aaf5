// Events of macOS Endpoint Security that are acts on a channel. Each kind lists its own types; all are read alike.
import type { SourceShape } from '../events/event.ts'
import { processAccount } from '../facts/account-ref.ts'
import type { ReadFacts } from '../facts/extractor.ts'
import type { ChannelKind, Observation } from '../facts/fact.ts'
import { detailFields, factBase, field } from '../facts/field.ts'
import { actorRef, processRef } from '../facts/process-ref.ts'

export interface SecurityAct {
  act: Observation['act']
  /** the field that names the channel */
  name: string
  /** the field that must have this form */
  only?: { readonly field: string; readonly is: RegExp }
}

const DETAIL = [
  'EventType',
  'ServiceName',
  'ServiceDomain',
  'SigningId',
  'TeamId',
  'IsPlatformBinary',
  'TargetSigningId',
  'TargetTeamId',
  'TargetIsPlatformBinary',
  'TaskType',
  'SocketMode',
  'TccService',
  'TccIdentity',
  'TccUpdateType',
  'TccRight',
  'TccReason',
  'InstigatorImage',
  'ResponsibleImage',
]

/** Observations of the types of a kind; undefined for other shapes. */
export function bindSecurityEvents(
  shape: SourceShape,
  kind: ChannelKind,
  acts: Readonly<Record<string, SecurityAct>>,
): ReadFacts | undefined {
  if (!shape.is({ product: 'macos', service: 'endpoint_security' })) return undefined
  const type = String(shape.eventId)
  const one = Object.hasOwn(acts, type) ? acts[type] : undefined
  if (!one) return undefined
  const name = field(shape, [one.name])
  const only = one.only && { value: field(shape, [one.only.field]), is: one.only.is }
  const actor = actorRef(shape)
  const account = processAccount(shape)
  const target = processRef(shape, {
    guid: ['TargetProcessGuid'],
    pid: ['TargetProcessId'],
    image: ['TargetImage'],
  })
  const detail = detailFields(shape, DETAIL)
  return (event, emit) => {
    const named = name(event)
    if (named === undefined || (only && !only.is.test(only.value(event) ?? ''))) return
    const to = target(event)
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind, host: event.host, name: named },
      act: one.act,
      actor: actor(event),
      account: account(event),
      ...((to.pid !== undefined || to.image !== undefined) && { peer: { process: to } }),
      detail: detail(event),
    })
  }
}
