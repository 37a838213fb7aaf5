// Process creation: Sysmon 1 (Windows and Linux), Security 4688, and every source that maps its own to Sigma's category process_creation.
import { accountRef, isKnownAccount, processAccount } from './account-ref.ts'
import type { FactExtractor } from './extractor.ts'
import { factBase, field, MAX_TEXT } from './field.ts'
import { parsePid, processRef } from './process-ref.ts'
import { isWindowsEvent } from './windows-event.ts'

export const processStarted: FactExtractor = {
  name: 'process-started',
  bind(shape) {
    const is4688 = isWindowsEvent(shape, 'security', 4688)
    if (!is4688 && !isWindowsEvent(shape, 'sysmon', 1) && !shape.is({ category: 'process_creation' })) return undefined
    // In 4688 ProcessId is the creator's, and the new one's is NewProcessId (Microsoft, "4688(S): A new process has been created").
    const process = processRef(shape, {
      guid: ['ProcessGuid', 'ProcessGUID'],
      pid: is4688 ? ['NewProcessId'] : ['ProcessId', 'ProcessID'],
      image: is4688 ? ['NewProcessName', 'Image'] : ['Image'],
      commandLine: ['CommandLine', 'ProcessCommandLine'],
    })
    const parent = processRef(shape, {
      guid: ['ParentProcessGuid', 'ParentProcessGUID'],
      pid: is4688 ? ['ProcessId'] : ['ParentProcessId', 'ParentProcessID'],
      image: ['ParentImage', 'ParentProcessName'],
      commandLine: ['ParentCommandLine'],
    })
    const creator = processAccount(shape)
    // The target subject is filled when the process runs under another account than its creator's.
    const target = accountRef(shape, {
      name: is4688 ? ['TargetUserName'] : [],
      domain: is4688 ? ['TargetDomainName'] : [],
      sid: is4688 ? ['TargetUserSid'] : [],
      logonId: is4688 ? ['TargetLogonId'] : [],
    })
    const integrity = field(shape, ['IntegrityLevel', 'MandatoryLabel'], 64)
    const hashes = field(shape, ['Hashes', 'Hash'])
    const originalFileName = field(shape, ['OriginalFileName'])
    const currentDirectory = field(shape, ['CurrentDirectory'], MAX_TEXT)
    return (event, emit) => {
      const started = process(event)
      if (parsePid(String(started.pid)) === undefined && !started.guid && !started.image) return
      const runsAs = target(event)
      emit({
        kind: 'process-started',
        ...factBase(event),
        process: started,
        parent: parent(event),
        user: isKnownAccount(runsAs) && runsAs.name !== '-' ? runsAs : creator(event),
        integrity: integrityName(integrity(event)),
        hashes: hashes(event),
        originalFileName: originalFileName(event),
        currentDirectory: currentDirectory(event),
      })
    }
  },
}

/** Mandatory labels by SID: [MS-DTYP] 2.4.2.4, well-known SID structures. */
const LABELS: ReadonlyMap<string, string> = new Map([
  ['S-1-16-0', 'Untrusted'],
  ['S-1-16-4096', 'Low'],
  ['S-1-16-8192', 'Medium'],
  ['S-1-16-8448', 'Medium Plus'],
  ['S-1-16-12288', 'High'],
  ['S-1-16-16384', 'System'],
  ['S-1-16-20480', 'Protected Process'],
])
const integrityName = (text: string | undefined) => (text === undefined ? undefined : (LABELS.get(text) ?? text))
