// A thread started in another process: Sysmon 8.
import type { FactExtractor } from './extractor.ts'
import { detailFields, factBase, field } from './field.ts'
import { processRef } from './process-ref.ts'
import { isWindowsEvent } from './windows-event.ts'

export const remoteThread: FactExtractor = {
  name: 'remote-thread',
  bind(shape) {
    if (!isWindowsEvent(shape, 'sysmon', 8)) return undefined
    const actor = sourceProcess(shape)
    const target = field(shape, ['TargetImage'])
    const detail = detailFields(shape, [
      'TargetImage',
      'TargetProcessGuid',
      'TargetProcessGUID',
      'TargetProcessId',
      'StartAddress',
      'StartModule',
      'StartFunction',
    ])
    return (event, emit) =>
      emit({
        kind: 'effect',
        ...factBase(event),
        what: 'remote-thread',
        actor: actor(event),
        name: target(event) ?? '',
        detail: detail(event),
      })
  },
}

/** The process that acts on another one (Sysmon 8 and 10; the spelling of the GUID differs between versions). */
export const sourceProcess = (shape: Parameters<FactExtractor['bind']>[0]) =>
  processRef(shape, {
    guid: ['SourceProcessGUID', 'SourceProcessGuid'],
    pid: ['SourceProcessId'],
    image: ['SourceImage'],
  })
