// A Windows event as Wazuh's decoder leaves it: system and event data as objects, every name with its first letter in lower case, values as they stood inside the agent's JSON.
import type { NamedValue } from '../decoded-records.ts'
import type { PlainRecord } from '../json-lines/plain-form.ts'
import { parseTime } from '../timestamps.ts'
import type { WindowsRecord } from '../windows-record.ts'

/** Undefined: it has no event id. */
export function windowsRecordOf(record: PlainRecord): WindowsRecord | undefined {
  const win = record.value('data.win.system.eventID') === undefined ? 'win.' : 'data.win.'
  const system = (name: string): string => record.text(`${win}system.${name}`)
  const eventId = Number(system('eventID') || Number.NaN)
  if (!Number.isInteger(eventId)) return undefined
  const provider = system('providerName')
  const data: NamedValue[] = []
  const unnamed: string[] = []
  for (const [path, value] of record.below(win)) {
    // Event data stand under eventdata, user data under the name of their element.
    if (path.startsWith('system.')) continue
    const name = path.slice(path.lastIndexOf('.') + 1)
    const text = typeof value === 'string' ? unescaped(value) : value
    // Values without names were joined with `, `, so which is which is lost.
    if (path === 'eventdata.data') unnamed.push(String(text))
    else data.push(...namesOf(name, provider).map((one): NamedValue => [one, text]))
  }
  // The manager leaves out what is `-`, and the Security log writes that for a logon's address when there is none.
  if (provider === SECURITY && LOGONS.has(eventId) && !data.some(([name]) => name === 'IpAddress'))
    data.push(['IpAddress', '-'])
  const recordId = system('eventRecordID')
  return {
    provider,
    channel: unescaped(system('channel')),
    eventId,
    computer: system('computer') || record.text('agent.name'),
    time: parseTime(system('systemTime'), 0),
    data,
    unnamed,
    system: [
      ['Provider_Guid', system('providerGuid')],
      ['Computer', system('computer')],
      ['Level', system('level')],
      ['Task', system('task')],
      ['Opcode', system('opcode')],
      ['Keywords', system('keywords')],
      ['Version', system('version')],
      ['Execution_ProcessID', system('processID')],
      ['Execution_ThreadID', system('threadID')],
      ['Security_UserID', system('securityUserID')],
      ['Message', system('message')],
      ...(/^\d{1,15}$/.test(recordId) ? [['EventRecordID', Number(recordId)] as NamedValue] : []),
    ],
  }
}

const SECURITY = 'Microsoft-Windows-Security-Auditing'
/** logons, well and failed: both have an address in their template */
const LOGONS: ReadonlySet<number> = new Set([4624, 4625])

/** Providers whose fields all begin with a capital. */
const CAPITALISED: ReadonlySet<string> = new Set(['Microsoft-Windows-Sysmon', SECURITY])

/** The name with its capital, and where that may never have been one (`param1`, `processPath`), as it is too. */
function namesOf(name: string, provider: string): string[] {
  const capital = name.charAt(0).toUpperCase() + name.slice(1)
  return CAPITALISED.has(provider) || capital === name ? [capital] : [capital, name]
}

/**
 * The agent puts the event's XML into JSON, and the manager takes it out as it stands there: backslashes are doubled and quotes have one in front. A value in which
 * some backslash is neither was written by a version that undid that.
 */
export function unescaped(text: string): string {
  if (!text.includes('\\') || /\\/.test(text.replace(/\\[\\"]/g, ''))) return text
  return text.replace(/\\([\\"])/g, '$1')
}
