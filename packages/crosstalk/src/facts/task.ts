// Scheduled tasks: registered or changed (Security 4698, 4702; TaskScheduler 106, 140), their start (TaskScheduler 200), and their end (Security 4699; TaskScheduler 141).
import { accountRef, subjectAccount } from './account-ref.ts'
import type { FactExtractor } from './extractor.ts'
import { bounded, detailFields, factBase, field, hasField, MAX_NAME, MAX_TEXT } from './field.ts'
import { windowsEvent } from './windows-event.ts'

/** What happened to the task, by log and event id: `detail.event`. */
const EVENTS: Readonly<Record<string, string>> = {
  'security 4698': 'created',
  'security 4702': 'updated',
  'task-scheduler 106': 'registered',
  'task-scheduler 140': 'updated',
  'task-scheduler 200': 'action started',
  'security 4699': 'deleted',
  'task-scheduler 141': 'deleted',
}

export const taskRegistered: FactExtractor = {
  name: 'task-registered',
  bind(shape) {
    const windows = windowsEvent(shape)
    const happened = windows && EVENTS[`${windows.log} ${windows.id}`]
    if (!happened) return undefined
    const name = field(shape, ['TaskName'])
    // A task's XML is longer than other texts, and its actions stand at the end.
    const content = field(shape, ['TaskContent', 'TaskContentNew'], 16 * MAX_TEXT)
    const detail = detailFields(shape, ['ActionName', 'RpcCallClientLocality', 'ClientProcessId', 'UserContext'])
    const account = hasField(shape, 'SubjectUserName')
      ? subjectAccount(shape)
      : accountRef(shape, { user: ['UserName', 'UserContext'] })
    return (event, emit) => {
      const task = name(event)
      if (task === undefined) return
      emit({
        kind: 'effect',
        ...factBase(event),
        what: happened === 'deleted' ? 'task-deleted' : 'task-registered',
        account: account(event),
        name: task,
        detail: { event: happened, ...detail(event), ...taskActions(content(event)) },
      })
    }
  },
}

/** The first command and COM handler of a task's XML ([MS-TSCH] 2.5). */
export function taskActions(xml: string | undefined): Record<string, string> {
  if (xml === undefined) return {}
  const found: Record<string, string> = {}
  const command = element(xml, 'Command')
  const commandArguments = element(xml, 'Arguments')
  const classId = element(xml, 'ClassId')
  if (command !== undefined)
    found.Command = bounded(commandArguments === undefined ? command : `${command} ${commandArguments}`, MAX_TEXT)
  if (classId !== undefined) found.ClassId = bounded(classId, MAX_NAME)
  return found
}

function element(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}>`)
  if (start < 0) return undefined
  const end = xml.indexOf('</', start)
  const text = end < 0 ? '' : xml.slice(start + name.length + 2, end).trim()
  return text === '' ? undefined : decodeEntities(text)
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
const decodeEntities = (text: string) => text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name])
