// Templates to be written: an event's structure with numbered places for its values, as Windows lays it out: a System template, in whose last
// value the instance of an EventData or UserData template lies.

import { ValueType } from './format.ts'
import type { InputValue } from './writer-values.ts'
import { typeOfValue } from './writer-values.ts'

/** A literal text, or the number and type of a value. `optional`: left out when the value is null. */
export type Piece = string | { readonly slot: number; readonly type: number; readonly optional?: boolean }

export interface TemplateElement {
  readonly name: string
  readonly attributes?: readonly (readonly [name: string, value: Piece])[]
  readonly content?: Piece
  readonly children?: readonly TemplateElement[]
}

/** A template, and a name for it by which the same one is known again. */
export interface Template {
  readonly key: string
  readonly root: TemplateElement
}

export interface Instance {
  readonly template: Template
  readonly values: readonly (InputValue | Instance)[]
}

/** Fields below UserData: elements by name; names that begin with @ are attributes, and literal. */
export interface UserDataElement {
  readonly [name: string]: InputValue | UserDataElement
}

export function isElement(value: InputValue | UserDataElement): value is UserDataElement {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array) &&
    !('type' in value && 'value' in value)
  )
}

export const EVENT_NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event'

/** Numbers of the System template's values. */
export const SystemSlot = {
  Level: 0,
  Opcode: 1,
  Task: 2,
  EventID: 3,
  Qualifiers: 4,
  Keywords: 5,
  TimeCreated: 6,
  ActivityID: 7,
  ProcessID: 8,
  ThreadID: 9,
  EventRecordID: 10,
  Version: 11,
  UserID: 12,
  RelatedActivityID: 13,
  Data: 14,
} as const

function place(slot: number, type: number): Piece {
  return { slot, type, optional: true }
}

/** Provider, channel and computer stand in the template itself, as they do in Windows. */
export function systemTemplate(
  provider: string,
  providerGuid: string | undefined,
  channel: string,
  computer: string,
): Template {
  const providerAttributes: [string, Piece][] = [['Name', provider]]
  if (providerGuid) providerAttributes.push(['Guid', providerGuid])
  const system: TemplateElement[] = [
    { name: 'Provider', attributes: providerAttributes },
    {
      name: 'EventID',
      attributes: [['Qualifiers', place(SystemSlot.Qualifiers, ValueType.UInt16)]],
      content: place(SystemSlot.EventID, ValueType.UInt16),
    },
    { name: 'Version', content: place(SystemSlot.Version, ValueType.UInt8) },
    { name: 'Level', content: place(SystemSlot.Level, ValueType.UInt8) },
    { name: 'Task', content: place(SystemSlot.Task, ValueType.UInt16) },
    { name: 'Opcode', content: place(SystemSlot.Opcode, ValueType.UInt8) },
    { name: 'Keywords', content: place(SystemSlot.Keywords, ValueType.HexInt64) },
    { name: 'TimeCreated', attributes: [['SystemTime', place(SystemSlot.TimeCreated, ValueType.FileTime)]] },
    { name: 'EventRecordID', content: place(SystemSlot.EventRecordID, ValueType.UInt64) },
    {
      name: 'Correlation',
      attributes: [
        ['ActivityID', place(SystemSlot.ActivityID, ValueType.Guid)],
        ['RelatedActivityID', place(SystemSlot.RelatedActivityID, ValueType.Guid)],
      ],
    },
    {
      name: 'Execution',
      attributes: [
        ['ProcessID', place(SystemSlot.ProcessID, ValueType.UInt32)],
        ['ThreadID', place(SystemSlot.ThreadID, ValueType.UInt32)],
      ],
    },
    { name: 'Channel', content: channel },
    { name: 'Computer', content: computer },
    { name: 'Security', attributes: [['UserID', place(SystemSlot.UserID, ValueType.Sid)]] },
  ]
  return {
    key: JSON.stringify(['System', provider, providerGuid ?? '', channel, computer]),
    root: {
      name: 'Event',
      attributes: [['xmlns', EVENT_NAMESPACE]],
      children: [{ name: 'System', children: system }],
      content: place(SystemSlot.Data, ValueType.BinXml),
    },
  }
}

/** EventData: Data elements with names, or without for a list. */
export function eventDataInstance(data: Readonly<Record<string, InputValue>> | readonly InputValue[]): Instance {
  const isList = Array.isArray(data)
  const entries: [string, InputValue][] = isList ? data.map((value) => ['', value]) : Object.entries(data)
  const children = entries.map(([name, value], slot): TemplateElement => {
    const content: Piece = { slot, type: typeOfValue(value) || ValueType.String }
    return isList ? { name: 'Data', content } : { name: 'Data', attributes: [['Name', name]], content }
  })
  const types = children.map((child) => (child.content as { type: number }).type)
  return {
    template: {
      key: JSON.stringify(['EventData', isList, entries.map(([name]) => name), types]),
      root: { name: 'EventData', children },
    },
    values: entries.map(([, value]) => value),
  }
}

/** UserData: elements by name, as deep as they go. */
export function userDataInstance(data: UserDataElement): Instance {
  const values: InputValue[] = []
  const element = (name: string, content: InputValue | UserDataElement): TemplateElement => {
    if (!isElement(content)) {
      const slot = values.push(content) - 1
      return { name, content: { slot, type: typeOfValue(content) || ValueType.String } }
    }
    const attributes: [string, Piece][] = []
    const children: TemplateElement[] = []
    for (const [key, value] of Object.entries(content)) {
      if (key.startsWith('@')) attributes.push([key.slice(1), String(value)])
      else children.push(element(key, value))
    }
    return { name, attributes, children }
  }
  const root = element('UserData', data)
  return { template: { key: JSON.stringify(root), root }, values }
}
