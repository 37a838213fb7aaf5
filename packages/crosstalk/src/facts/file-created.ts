// Files that can run code or carry DDE, written: Sysmon 11 (Windows and Linux) and every source that maps its own to Sigma's category file_event.
import { processAccount } from './account-ref.ts'
import type { FactExtractor } from './extractor.ts'
import { factBase, field } from './field.ts'
import { actorRef } from './process-ref.ts'
import { isWindowsEvent } from './windows-event.ts'

const RUNS =
  /\.(?:exe|dll|sys|scr|com|cpl|ocx|msi|ps1|psm1|bat|cmd|vbs|vbe|js|jse|wsf|wsh|wsc|sct|hta|lnk|xll|wll|jar|py|sh|scpt|applescript|plist|service|timer|so|dylib|docx?|docm|dotm?|dotx|rtf|xlsx?|xlsm|xlsb|csv|iqy|slk)$/i

export const fileCreated: FactExtractor = {
  name: 'file-created',
  bind(shape) {
    if (!isWindowsEvent(shape, 'sysmon', 11) && !shape.is({ category: 'file_event' })) return undefined
    const path = field(shape, ['TargetFilename'])
    const actor = actorRef(shape)
    const account = processAccount(shape)
    return (event, emit) => {
      const name = path(event)
      if (name === undefined || !RUNS.test(name)) return
      emit({
        kind: 'effect',
        ...factBase(event),
        what: 'file-created',
        actor: actor(event),
        account: account(event),
        name,
        detail: {},
      })
    }
  },
}
