// Writes to the registry: Sysmon 12-14, Security 4657, and every source that maps its own to Sigma's registry categories.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { processAccount } from './account-ref.ts'
import type { AccountRef, ProcessRef } from './fact.ts'
import { type Field, field, MAX_NAME, MAX_TEXT } from './field.ts'
import { actorRef } from './process-ref.ts'
import { isWindowsEvent } from './windows-event.ts'

export interface RegistryWrite {
  /** key and value name as Sysmon writes them: `HKLM\…`, `HKU\S-1-5-21-…\…` */
  target(event: SourceEvent): string | undefined
  /** what was written, as the event writes it */
  details: Field
  /** SetValue, CreateKey, DeleteValue … */
  operation: Field
  actor(event: SourceEvent): ProcessRef
  account(event: SourceEvent): AccountRef
}

const CATEGORIES = ['registry_set', 'registry_add', 'registry_delete', 'registry_rename', 'registry_event']

export function bindRegistryWrite(shape: SourceShape): RegistryWrite | undefined {
  const actor = actorRef(shape)
  const account = processAccount(shape)
  if (isWindowsEvent(shape, 'security', 4657)) {
    const key = field(shape, ['ObjectName'])
    const value = field(shape, ['ObjectValueName'])
    return {
      target: (event) => joinTarget(key(event), value(event)),
      details: field(shape, ['NewValue'], MAX_TEXT),
      operation: auditOperation(field(shape, ['OperationType'], 64)),
      actor,
      account,
    }
  }
  const isRegistry =
    isWindowsEvent(shape, 'sysmon', 12, 13, 14) ||
    CATEGORIES.some((category) => shape.is({ product: 'windows', category }))
  if (!isRegistry) return undefined
  return {
    target: field(shape, ['TargetObject'], MAX_NAME),
    details: field(shape, ['Details', 'NewName'], MAX_TEXT),
    operation: field(shape, ['EventType'], 64),
    actor,
    account,
  }
}

/** `\REGISTRY\MACHINE` is HKLM, `\REGISTRY\USER` is HKU (Windows Driver Kit, "Registry Key Object Routines"). */
export function joinTarget(key: string | undefined, value: string | undefined): string | undefined {
  if (key === undefined) return undefined
  const short = key.replace(/^\\REGISTRY\\MACHINE(?=\\|$)/i, 'HKLM').replace(/^\\REGISTRY\\USER(?=\\|$)/i, 'HKU')
  return value === undefined ? short : `${short}\\${value}`
}

/** 4657's operation is a message of msobjs.dll. */
const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['%%1904', 'CreateValue'],
  ['%%1905', 'SetValue'],
  ['%%1906', 'DeleteValue'],
])
const auditOperation =
  (operation: Field): Field =>
  (event) => {
    const text = operation(event)
    return text === undefined ? undefined : (OPERATIONS.get(text.trim()) ?? text)
  }
