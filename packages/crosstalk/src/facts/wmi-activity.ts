// WMI: operations and subscriptions of WMI-Activity/Operational (5857-5861), permanent subscriptions seen by Sysmon (19-21).
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { parseAccount } from './account-ref.ts'
import type { FactExtractor, ReadFacts } from './extractor.ts'
import { bounded, detailFields, type Field, factBase, field, MAX_NAME, MAX_TEXT } from './field.ts'
import { parsePid } from './process-ref.ts'
import { isWindowsEvent, windowsEvent } from './windows-event.ts'

export const wmiActivity: FactExtractor = {
  name: 'wmi-activity',
  bind(shape) {
    if (isWindowsEvent(shape, 'sysmon', 19, 20, 21) || shape.is({ product: 'windows', category: 'wmi_event' }))
      return bindSubscription(shape)
    const windows = windowsEvent(shape)
    return windows?.log === 'wmi-activity' && windows.id >= 5857 && windows.id <= 5861
      ? bindOperation(shape, windows.id)
      : undefined
  },
}

/** Sysmon 19 filter, 20 consumer, 21 binding. */
function bindSubscription(shape: SourceShape): ReadFacts {
  const name = field(shape, ['Name', 'Consumer'])
  const user = field(shape, ['User'])
  const detail = detailFields(
    shape,
    ['EventType', 'Operation', 'EventNamespace', 'Query', 'Type', 'Destination', 'Consumer', 'Filter'],
    MAX_TEXT,
  )
  return (event, emit) =>
    emit({
      kind: 'effect',
      ...factBase(event),
      what: 'wmi-activity',
      account: parseAccount(user(event)),
      name: unquoted(name(event)),
      detail: detail(event),
    })
}

/** Sysmon writes strings of WMI with their quotes. */
const unquoted = (text: string | undefined) => text?.trim().replace(/^"(.*)"$/s, '$1') ?? ''

/** The names under which a source may show a field of the record's UserData. */
const userData = (shape: SourceShape, id: number, name: string) => {
  const inner = OPERATION_ELEMENTS[id]
  return field(shape, [name, `${inner}.${name}`, `UserData.${inner}.${name}`, `UserData_${name}`], MAX_TEXT)
}
const OPERATION_ELEMENTS: Readonly<Record<number, string>> = {
  5857: 'Operation_StartedOperational',
  5858: 'Operation_ClientFailure',
  5859: 'Operation_EssStarted',
  5860: 'Operation_TemporaryEssStarted',
  5861: 'Operation_ESStoConsumerBinding',
}

const OPERATION_FIELDS = [
  'ProviderName',
  'HostProcess',
  'ProviderPath',
  'NamespaceName',
  'Query',
  'Operation',
  'ResultCode',
  'PossibleCause',
  'ClientMachine',
  'ESS',
  'CONSUMER',
]

/** Calls that make something happen; the failures of queries (5858) are many and say nothing. */
const ACTING = /IWbemServices::(?:ExecMethod|PutInstance|PutClass|ExecNotificationQuery)|Win32_Process|::Create\b/i

/**
 * 5857 (a provider was loaded) is told only of providers outside the system's folder, 5858 (a call failed) only of calls that act or come from
 * another machine. Collectors that drop UserData leave the rendered message,
 * `Name = value; …`: read then.
 */
function bindOperation(shape: SourceShape, id: number): ReadFacts {
  const message = field(shape, ['Message'], MAX_TEXT)
  const read = (name: string): Field => {
    const own = userData(shape, id, name)
    const inMessage = messagePattern(name)
    return (event: SourceEvent) => own(event) ?? messageValue(message(event), inMessage)
  }
  const fields = OPERATION_FIELDS.map((name) => [name, read(name)] as const)
  const user = read('User')
  const pid = read(id === 5860 || id === 5859 ? 'Processid' : id === 5857 ? 'ProcessID' : 'ClientProcessId')
  const provider = read('ProviderPath')
  return (event, emit) => {
    if (id === 5857 && isSystemProvider(provider(event))) return
    const detail: Record<string, string> = { eventId: String(id) }
    for (const [name, value] of fields) {
      const text = value(event)
      if (text !== undefined) detail[name] = text
    }
    if (id === 5858 && !ACTING.test(detail.Operation ?? '') && isSameMachine(detail.ClientMachine, event.host)) return
    const number = parsePid(pid(event))
    emit({
      kind: 'effect',
      ...factBase(event),
      what: 'wmi-activity',
      actor: number === undefined ? undefined : { pid: number },
      account: parseAccount(user(event)),
      name: bounded(detail.Operation ?? detail.Query ?? detail.ProviderName ?? detail.CONSUMER ?? '', MAX_NAME),
      detail,
    })
  }
}

const isSystemProvider = (path: string | undefined) =>
  path === undefined || /^(%system(root|drive)%|[a-z]:)?\\?(windows\\)?(system32|syswow64)\\/i.test(path)

const isSameMachine = (name: string | undefined, host: string) =>
  name === undefined || name.split('.', 1)[0].toLowerCase() === host.split('.', 1)[0].toLowerCase()

/** `Name = value;` of the rendered message. */
export const messagePattern = (name: string) => new RegExp(`(?:^|[;\\s])${name} = ([^;]*)`, 'i')

export function messageValue(message: string | undefined, pattern: RegExp): string | undefined {
  const text = message === undefined ? '' : (pattern.exec(message)?.[1].trim() ?? '')
  return text === '' ? undefined : text
}
