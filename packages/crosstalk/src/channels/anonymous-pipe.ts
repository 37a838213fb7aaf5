// Anonymous pipes: Sysmon 17 and 18 name them `<Anonymous Pipe>`. They have no name of their own; here they bear that of the process that holds them.
import type { FactExtractor } from '../facts/extractor.ts'
import { factBase, field } from '../facts/field.ts'
import { actorRef } from '../facts/process-ref.ts'
import { pipeAct } from './named-pipe.ts'
import { isAnonymousPipe } from './pipe-name.ts'

export const anonymousPipe: FactExtractor = {
  name: 'anonymous-pipe',
  bind(shape) {
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
