// Anonymous pipes: Sysmon 17 and 18 name them `<Anonymous Pipe>`. They have no name of their own; here they bear that of the process that holds them.
import type { SourceShape } from '../events/event.ts'
import type { FactExtractor, ReadFacts } from '../facts/extractor.ts'
import { detailFields, factBase, field } from '../facts/field.ts'
import { actorRef, processRef } from '../facts/process-ref.ts'
import { pipeAct } from './named-pipe.ts'
import { isAnonymousPipe } from './pipe-name.ts'

/** Bytes that went through a pipe of Linux (IPCDump): both ends are known. A FIFO has a name, without its folder; all others only their inode. */
function bindPipeTransfer(shape: SourceShape): ReadFacts | undefined {
  if (!shape.is({ product: 'linux', service: 'ipcdump' }) || shape.eventId !== 'pipe') return undefined
  const name = field(shape, ['TargetFilename'])
  const inode = field(shape, ['meta.pipe_inode'], 32)
  const actor = actorRef(shape)
  const target = processRef(shape, { pid: ['TargetProcessId'], image: ['TargetImage'] })
  const detail = detailFields(shape, ['meta.count'])
  return (event, emit) => {
    const named = name(event)
    const isFifo = named !== undefined && named !== '<anonymous>'
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: {
        kind: isFifo ? 'fifo' : 'anonymous-pipe',
        host: event.host,
        name: isFifo ? named : `pipe:[${inode(event) ?? ''}]`,
      },
      act: 'send',
      actor: actor(event),
      peer: { process: target(event) },
      detail: detail(event),
    })
  }
}

export const anonymousPipe: FactExtractor = {
  name: 'anonymous-pipe',
  bind(shape) {
    const transfer = bindPipeTransfer(shape)
    if (transfer) return transfer
    const actOf = pipeAct(shape)
    if (!actOf) return undefined
    const pipeName = field(shape, ['PipeName'])
    const actorOf = actorRef(shape)
    return (event, emit) => {
      const name = pipeName(event)
      if (name === undefined || !isAnonymousPipe(name)) return
      const actor = actorOf(event)
      const image = actor.image?.split('\\').at(-1) ?? 'process'
      emit({
        kind: 'observation',
        ...factBase(event),
        channel: { kind: 'anonymous-pipe', host: event.host, name: `${image} ${actor.pid ?? actor.guid ?? ''}`.trim() },
        act: actOf(event),
        actor,
        detail: { PipeName: '<Anonymous Pipe>' },
      })
    }
  },
}
