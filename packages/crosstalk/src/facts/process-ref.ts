// A process as an event names it: pids are decimal in Sysmon and hexadecimal in the Security log; GUIDs come with and without braces.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import type { ProcessRef } from './fact.ts'
import { type Field, field, MAX_NAME, MAX_TEXT } from './field.ts'

/** A pid, decimal or `0x` hexadecimal; undefined when it is no number of 32 bits. */
export function parsePid(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*(?:\d{1,10}|0x[0-9a-fA-F]{1,16})\s*$/.test(text)) return undefined
  const pid = Number(text)
  return pid <= 0xffff_ffff ? pid : undefined
}

/** `{365ABB72-6231-5CC7-0000-00104CF71800}`; other identities as they are; undefined for the null GUID. */
export function parseGuid(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const guid = /^\s*\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?\s*$/.exec(text)
  if (!guid) return text.trim() === '' ? undefined : text
  return guid[1] === '00000000-0000-0000-0000-000000000000' ? undefined : `{${guid[1].toUpperCase()}}`
}

interface ProcessFieldNames {
  guid?: readonly string[]
  pid?: readonly string[]
  image?: readonly string[]
  commandLine?: readonly string[]
}

/** Reads the process that fields of these names tell of. */
export function processRef(shape: SourceShape, names: ProcessFieldNames): (event: SourceEvent) => ProcessRef {
  const guid: Field = field(shape, names.guid ?? [], 64)
  const pid: Field = field(shape, names.pid ?? [], 32)
  const image: Field = field(shape, names.image ?? [], MAX_NAME)
  const commandLine: Field = field(shape, names.commandLine ?? [], MAX_TEXT)
  return (event) => {
    const ref: ProcessRef = {}
    const id = parseGuid(guid(event))
    if (id !== undefined) ref.guid = id
    const number = parsePid(pid(event))
    if (number !== undefined) ref.pid = number
    const path = image(event)
    if (path !== undefined) ref.image = path
    const line = commandLine(event)
    if (line !== undefined) ref.commandLine = line
    return ref
  }
}

/** The process that acts, in the words of Sigma's taxonomy (Sysmon) and of the Security log. */
export function actorRef(shape: SourceShape): (event: SourceEvent) => ProcessRef {
  return processRef(shape, {
    guid: ['ProcessGuid', 'ProcessGUID'],
    pid: ['ProcessId', 'ProcessID'],
    image: ['Image', 'ProcessName', 'Application'],
  })
}

/** `svchost.exe` of a path, lower case. */
export function baseName(path: string | undefined): string {
  if (!path) return ''
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1).toLowerCase()
}
