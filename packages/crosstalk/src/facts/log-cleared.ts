// Event logs cleared: Security 1102, System 104.
import { accountRef } from './account-ref.ts'
import type { FactExtractor } from './extractor.ts'
import { detailFields, factBase, field } from './field.ts'
import { windowsEvent } from './windows-event.ts'

export const logCleared: FactExtractor = {
  name: 'log-cleared',
  bind(shape) {
    const windows = windowsEvent(shape)
    const isCleared =
      (windows?.id === 1102 && (windows.log === 'eventlog' || windows.log === 'security')) ||
      (windows?.id === 104 && windows.log === 'eventlog')
    if (!isCleared) return undefined
    // UserData/LogFileCleared; `Channel` there is the cleared log, and stands beside the record's own Channel.
    const cleared = field(shape, ['LogFileCleared.Channel', 'UserData.LogFileCleared.Channel', 'ClearedChannel'])
    const account = accountRef(shape, {
      name: ['SubjectUserName', 'LogFileCleared.SubjectUserName'],
      domain: ['SubjectDomainName', 'LogFileCleared.SubjectDomainName'],
      sid: ['SubjectUserSid', 'LogFileCleared.SubjectUserSid'],
      logonId: ['SubjectLogonId', 'LogFileCleared.SubjectLogonId'],
    })
    const detail = detailFields(shape, ['BackupPath'])
    return (event, emit) =>
      emit({
        kind: 'effect',
        ...factBase(event),
        what: 'log-cleared',
        account: account(event),
        name: windows.id === 1102 ? 'Security' : (cleared(event) ?? shape.channel),
        detail: detail(event),
      })
  },
}
