// A handle to the memory of lsass.exe: Sysmon 10. Other targets are opened all day and tell nothing here.
import type { FactExtractor } from './extractor.ts'
import { detailFields, endingOf, factBase, field, MAX_TEXT } from './field.ts'
import { sourceProcess } from './remote-thread.ts'
import { isWindowsEvent } from './windows-event.ts'

/** Process access right PROCESS_VM_READ (winnt.h): without it nothing can be read. */
const PROCESS_VM_READ = 0x0010
const LSASS = ['lsass.exe']

export const processAccessed: FactExtractor = {
  name: 'process-accessed',
  bind(shape) {
    if (!isWindowsEvent(shape, 'sysmon', 10)) return undefined
    const target = field(shape, ['TargetImage'])
    const isLsass = endingOf(shape, 'TargetImage', LSASS)
    const access = field(shape, ['GrantedAccess'], 32)
    const actor = sourceProcess(shape)
    const detail = detailFields(shape, ['GrantedAccess', 'TargetProcessId', 'CallTrace'], MAX_TEXT)
    return (event, emit) => {
      if (!isLsass(event)) return
      const image = target(event)
      if (image === undefined || !/\\lsass\.exe$/i.test(image)) return
      const rights = Number(access(event))
      if (!Number.isInteger(rights) || Math.floor(rights / PROCESS_VM_READ) % 2 === 0) return
      emit({
        kind: 'effect',
        ...factBase(event),
        what: 'process-accessed',
        actor: actor(event),
        name: image,
        detail: detail(event),
      })
    }
  },
}
