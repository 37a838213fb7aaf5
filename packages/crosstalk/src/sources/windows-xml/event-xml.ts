// One event as Windows renders it in XML (Windows Event Log, "Event Schema"), made names and values. Shared by every source that meets such XML:
// exports, Splunk, Sysmon for Linux, Azure Monitor.
import { walkXml } from './xml.ts'

export interface EventXml {
  /** System */
  provider: string
  providerGuid: string
  eventId: number
  version: string
  level: string
  task: string
  opcode: string
  keywords: string
  /** TimeCreated/@SystemTime as written; UTC */
  systemTime: string
  recordId: number
  processId: string
  threadId: string
  channel: string
  computer: string
  userId: string
  activityId: string
  /** EventData, and the leaves of UserData and DebugData, in order; what has no name is in `unnamed` */
  data: [string, string][]
  /** values of EventData without a name, in order */
  unnamed: string[]
  /** RenderingInfo/Message */
  message: string
  /** false when the XML is cut off or broken: the rest is what could be read */
  whole: boolean
}

/** Fields of one event; further ones are left out. */
export const MAX_DATA = 10_000

/** Reads the XML of one <Event>, or of a part of it (<EventData>, <System>). Never throws. */
export function parseEventXml(xml: string | Buffer): EventXml {
  const event: EventXml = {
    provider: '',
    providerGuid: '',
    eventId: Number.NaN,
    version: '',
    level: '',
    task: '',
    opcode: '',
    keywords: '',
    systemTime: '',
    recordId: Number.NaN,
    processId: '',
    threadId: '',
    channel: '',
    computer: '',
    userId: '',
    activityId: '',
    data: [],
    unnamed: [],
    message: '',
    whole: true,
  }
  const path: string[] = []
  /** the section of the event that we are in */
  let section = ''
  let text = ''
  let name = ''
  let leaf = false
  event.whole = walkXml(typeof xml === 'string' ? xml : xml.toString('utf8'), {
    open(element, attributes) {
      path.push(element)
      if (SECTIONS.has(element) && section === '') section = element
      else if (section === 'System') systemAttributes(event, element, attributes)
      name = attributes.find(([key]) => key === 'Name')?.[1] ?? ''
      text = ''
      leaf = true
    },
    text(part) {
      if (leaf) text += part
    },
    close(element) {
      path.pop()
      if (element === section) section = ''
      else if (leaf) closeLeaf(event, section, element, name, text)
      leaf = false
    },
  })
  return event
}

const SECTIONS = new Set([
  'System',
  'EventData',
  'UserData',
  'DebugData',
  'BinaryEventData',
  'ProcessingErrorData',
  'RenderingInfo',
])

function systemAttributes(event: EventXml, element: string, attributes: readonly [string, string][]): void {
  for (const [key, value] of attributes) {
    if (element === 'Provider') {
      if (key === 'Name') event.provider = value
      if (key === 'EventSourceName' && event.provider === '') event.provider = value
      if (key === 'Guid') event.providerGuid = value
    } else if (element === 'TimeCreated' && key === 'SystemTime') event.systemTime = value
    else if (element === 'Execution' && key === 'ProcessID') event.processId = value
    else if (element === 'Execution' && key === 'ThreadID') event.threadId = value
    else if (element === 'Security' && key === 'UserID') event.userId = value
    else if (element === 'Correlation' && key === 'ActivityID') event.activityId = value
  }
}

function closeLeaf(event: EventXml, section: string, element: string, name: string, written: string): void {
  // What a pretty-printer puts between the tags of an empty element is no value.
  const text = written.includes('\n') && written.trim() === '' ? '' : written
  if (section === 'System') systemText(event, element, text)
  else if (section === 'EventData') {
    if (event.data.length + event.unnamed.length >= MAX_DATA) return
    if (name !== '') event.data.push([name, text])
    else if (element === 'Data') event.unnamed.push(text)
    else event.data.push([element, text])
  } else if (section === 'RenderingInfo') {
    if (element === 'Message') event.message = text
  } else if (section !== '' && event.data.length < MAX_DATA) event.data.push([name || element, text])
}

function systemText(event: EventXml, element: string, text: string): void {
  const value = text.trim()
  if (element === 'EventID') event.eventId = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN
  else if (element === 'Version') event.version = value
  else if (element === 'Level') event.level = value
  else if (element === 'Task') event.task = value
  else if (element === 'Opcode') event.opcode = value
  else if (element === 'Keywords') event.keywords = value
  else if (element === 'EventRecordID') event.recordId = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  else if (element === 'Channel') event.channel = value
  else if (element === 'Computer') event.computer = value
}
