// Process end: Sysmon 5 (Windows and Linux), Security 4689.
import type { FactExtractor } from './extractor.ts'
import { factBase } from './field.ts'
import { actorRef } from './process-ref.ts'
import { isWindowsEvent } from './windows-event.ts'

export const processEnded: FactExtractor = {
  name: 'process-ended',
  bind(shape) {
    if (
      !isWindowsEvent(shape, 'sysmon', 5) &&
      !isWindowsEvent(shape, 'security', 4689) &&
      !shape.is({ category: 'process_termination' })
    )
      return undefined
    const process = actorRef(shape)
    return (event, emit) => {
      const ended = process(event)
      if (ended.guid === undefined && ended.pid === undefined) return
      emit({ kind: 'process-ended', ...factBase(event), process: ended })
    }
  },
}
