// The text that Windows renders of an event ("Subject:\n\tAccount Name:\t\tbob …"), taken apart into the event's own fields. For collectors that forward the text alone: Splunk's
// classic WinEventLog, Snare. English only, as the labels are.
import type { NamedValue } from '../decoded-records.ts'

/** A label and what stands behind it; the section is the heading above. */
interface Label {
  readonly section: string
  readonly label: string
  readonly value: string
}

const SYSMON = 'Microsoft-Windows-Sysmon'
const MAX_LABELS = 500
const MAX_LABEL = 60
/** so much of a text is looked through */
const MAX_TEXT = 1024 * 1024

/** The event's own fields that its text tells; '' and `-` are none but in Sysmon's, which has each field on a line. */
export function fieldsOfMessage(provider: string, eventId: number, message: string): NamedValue[] {
  const text = message.slice(0, MAX_TEXT)
  if (eventId === 4104) return scriptFields(text)
  const fields: NamedValue[] = []
  for (const { section, label, value } of labelsOf(text)) {
    // Sysmon's text has its fields by their own names.
    if (provider === SYSMON) {
      // No field's name has a blank; the first line, which may look like one without a value, is the event's title.
      if (!label.includes(' ') && (value !== '' || fields.length > 0)) fields.push([label, value])
      continue
    }
    const name = nameOf(eventId, section.toLowerCase(), label.toLowerCase())
    if (name !== undefined && value !== '' && value !== '-') fields.push([name, value])
  }
  return fields
}

/** PowerShell's script blocks: the script itself has lines of any form. */
function scriptFields(text: string): NamedValue[] {
  const found =
    /\((\d{1,6}) of (\d{1,6})\):\r?\n([\s\S]*?)\r?\n\r?\nScriptBlock ID: (\S+)(?:\r?\nPath: (.*))?\s*$/.exec(text)
  if (!found) return []
  const [, number, total, script, id, path] = found
  const fields: NamedValue[] = [
    ['MessageNumber', number],
    ['MessageTotal', total],
    ['ScriptBlockText', script],
    ['ScriptBlockId', id],
  ]
  return path ? [...fields, ['Path', path]] : fields
}

const labelsOf = (text: string): Label[] => (text.includes('\n') ? labelsOfLines(text) : labelsOfOneLine(text))

/** Lines `Label:\t\tvalue` under headings `Heading:`. */
function labelsOfLines(text: string): Label[] {
  const labels: Label[] = []
  let section = ''
  for (const match of text.matchAll(/^[\t ]*([^:\r\n\t]{1,60}):[\t ]*(.*?)\r?$/gm)) {
    const [whole, label, value] = match
    if (value === '' && HEADINGS.has(label.toLowerCase())) section = label
    // A task's definition goes on to the text's end.
    else if (label === 'Task Content' || label === 'Task New Content') {
      labels.push({ section, label, value: text.slice(match.index + whole.length - value.length).trim() })
      break
    } else labels.push({ section, label, value: value.trim() })
    if (labels.length >= MAX_LABELS) break
  }
  return labels
}

/** The same where somebody made it one line: two blanks and more stand for what parted the lines. */
function labelsOfOneLine(text: string): Label[] {
  const labels: Label[] = []
  const tokens = text.split(/\t+|[\t ]{2,}/).map((token) => token.trim())
  const isLabel = (token: string | undefined): boolean =>
    token === undefined || (token.endsWith(':') && token.length <= MAX_LABEL)
  let section = ''
  for (let at = 0; at < tokens.length && labels.length < MAX_LABELS; at++) {
    const token = tokens[at]
    const alone = /^([A-Z][\w ()/-]{1,58}): (.+)$/.exec(token)
    if (alone) labels.push({ section, label: alone[1], value: alone[2] })
    else if (isLabel(token)) {
      const label = token.slice(0, -1)
      const next = tokens[at + 1]
      if (!isLabel(next)) labels.push({ section, label, value: tokens[++at] })
      else if (HEADINGS.has(label.toLowerCase())) section = label
    }
  }
  return labels
}

const SUBJECTS = ['subject', 'creator subject']
const TARGETS = [
  'new logon',
  'target subject',
  'account for which logon failed',
  'account whose credentials were used',
  'target account',
  'new account',
  'account that was locked out',
  'user',
  'group',
]

/** Headings of the Security log's texts. */
const HEADINGS: ReadonlySet<string> = new Set([
  ...SUBJECTS,
  ...TARGETS,
  'process',
  'process information',
  'network information',
  'network',
  'logon information',
  'object',
  'share information',
  'access request information',
  'application information',
  'filter information',
  'detailed authentication information',
  'failure information',
  'service information',
  'account information',
  'additional information',
  'task information',
  'target server',
  'member',
  'certificate information',
])

const ACCOUNT: Readonly<Record<string, string>> = {
  'security id': 'UserSid',
  'account name': 'UserName',
  'account domain': 'DomainName',
  'logon id': 'LogonId',
}

/** Labels that mean one field wherever they stand (the providers' manifests: message text and template of each event). */
const ANYWHERE: Readonly<Record<string, string>> = {
  'logon type': 'LogonType',
  'process name': 'ProcessName',
  'process id': 'ProcessId',
  'workstation name': 'WorkstationName',
  'source network address': 'IpAddress',
  'network address': 'IpAddress',
  'client address': 'IpAddress',
  'source address': 'IpAddress',
  'source port': 'IpPort',
  port: 'IpPort',
  'client port': 'IpPort',
  'logon process': 'LogonProcessName',
  'authentication package': 'AuthenticationPackageName',
  'package name (ntlm only)': 'LmPackageName',
  'key length': 'KeyLength',
  'logon guid': 'LogonGuid',
  'failure reason': 'FailureReason',
  status: 'Status',
  'sub status': 'SubStatus',
  'share name': 'ShareName',
  'share path': 'ShareLocalPath',
  'relative target name': 'RelativeTargetName',
  'access mask': 'AccessMask',
  accesses: 'AccessList',
  'object server': 'ObjectServer',
  'object type': 'ObjectType',
  'object name': 'ObjectName',
  'object value name': 'ObjectValueName',
  'handle id': 'HandleId',
  'new value': 'NewValue',
  'old value': 'OldValue',
  'target server name': 'TargetServerName',
  'service name': 'ServiceName',
  'service file name': 'ServiceFileName',
  'service type': 'ServiceType',
  'service start type': 'ServiceStartType',
  'service account': 'ServiceAccount',
  'task name': 'TaskName',
  'task content': 'TaskContent',
  'task new content': 'TaskContentNew',
  'ticket options': 'TicketOptions',
  'ticket encryption type': 'TicketEncryptionType',
  'failure code': 'Status',
  'result code': 'Status',
  privileges: 'PrivilegeList',
  properties: 'Properties',
}

const BY_EVENT: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  4688: {
    'new process id': 'NewProcessId',
    'new process name': 'NewProcessName',
    'token elevation type': 'TokenElevationType',
    'mandatory label': 'MandatoryLabel',
    'creator process id': 'ProcessId',
    'creator process name': 'ParentProcessName',
    'process command line': 'CommandLine',
  },
  5156: {
    'process id': 'ProcessID',
    'application name': 'Application',
    direction: 'Direction',
    'source address': 'SourceAddress',
    'source port': 'SourcePort',
    'destination address': 'DestAddress',
    'destination port': 'DestPort',
    protocol: 'Protocol',
  },
  // Service Control Manager's text has no headings.
  7045: { 'service file name': 'ImagePath', 'service start type': 'StartType', 'service account': 'AccountName' },
}

function nameOf(eventId: number, section: string, label: string): string | undefined {
  const own = BY_EVENT[eventId === 5157 ? 5156 : eventId]?.[label]
  if (own !== undefined) return own
  const account = ACCOUNT[label]
  if (account !== undefined) {
    if (SUBJECTS.includes(section)) return `Subject${account}`
    if (TARGETS.includes(section) || section === 'account information') return `Target${account}`
  }
  return ANYWHERE[label]
}
