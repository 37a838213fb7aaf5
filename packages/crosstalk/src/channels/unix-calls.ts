// System calls of Linux that make or use a channel, as sources hand them on that see them (category `ipc`: auditd assembled, tracers). Each kind lists its own calls; all
// are read alike.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { processAccount } from '../facts/account-ref.ts'
import type { ReadFacts } from '../facts/extractor.ts'
import type { ChannelKind, Observation } from '../facts/fact.ts'
import { detailFields, factBase, field, MAX_TEXT } from '../facts/field.ts'
import { parsePid, processRef } from '../facts/process-ref.ts'

export interface ChannelCall {
  act: Observation['act']
  /** the field that names the channel */
  name: 'SocketPath' | 'TargetFilename' | 'TargetProcessId' | 'Argument0' | 'mqdes'
  /** names that are this kind's; absent: all */
  names?: RegExp
  /** said before a name that is only a number */
  prefix?: string
  /** the act is `create` where the path was made, or, of objects without a path, where this bit is set in that argument */
  creates?: { argument: 'Argument1' | 'Argument2'; bit: number }
}

/** What else a call says: results, modes, the kernel's fields of queues and segments. */
const DETAIL = [
  'Success',
  'Exit',
  'TargetFilename',
  'TargetMode',
  'TargetNametype',
  'TargetAccess',
  'TargetCommand',
  'Argument0',
  'Argument1',
  'Argument2',
  'oflag',
  'mode',
  'mq_maxmsg',
  'mqdes',
  'ouid',
  'OUID',
  'ogid',
  'fd0',
  'fd1',
]

/** Observations of the calls of a kind; a call that failed is told too, since it was tried (`Success`). */
export function bindCalls(
  shape: SourceShape,
  kind: ChannelKind,
  calls: Readonly<Record<string, ChannelCall>>,
): ReadFacts | undefined {
  if (!shape.is({ category: 'ipc' })) return undefined
  const syscall = shape.constant('Syscall') ?? ''
  const call = Object.hasOwn(calls, syscall) ? calls[syscall] : undefined
  if (!call) return undefined
  const name = field(shape, [call.name])
  const actor = processRef(shape, {
    guid: ['ProcessGuid'],
    pid: ['ProcessId'],
    image: ['Image'],
    commandLine: ['CommandLine'],
  })
  const account = processAccount(shape)
  const targetPid = field(shape, ['TargetProcessId'], 32)
  const targetImage = field(shape, ['TargetImage', 'TargetCommand'])
  const detail = detailFields(shape, DETAIL, MAX_TEXT)
  const nametype = field(shape, ['TargetNametype'], 32)
  const flags = call.creates && field(shape, [call.creates.argument], 32)
  const creates = (event: SourceEvent): boolean => {
    if (!call.creates || !flags) return false
    const kind = nametype(event)
    if (kind !== undefined) return kind === 'CREATE'
    return (Number.parseInt(flags(event) ?? '', 16) & call.creates.bit) !== 0
  }
  return (event: SourceEvent, emit) => {
    const named = name(event)
    if (named === undefined || (call.names && !call.names.test(named))) return
    const pid = parsePid(targetPid(event))
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind, host: event.host, name: `${call.prefix ?? ''}${named}` },
      act: creates(event) ? 'create' : call.act,
      actor: actor(event),
      account: account(event),
      ...(pid !== undefined && { peer: { process: { pid, image: targetImage(event) } } }),
      detail: { call: syscall, ...detail(event) },
    })
  }
}
