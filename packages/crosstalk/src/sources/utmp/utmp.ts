// wtmp, btmp and utmp of Linux: one event a record. The files do not say which of them they are; btmp, where refused logons go, is known by its name.
import { RecordEvent } from '../../events/record-event.ts'
import { Carry } from '../carry.ts'
import { DecodedShapes, type NamedValue } from '../decoded-records.ts'
import type { Input, Source } from '../source.ts'
import { LAYOUTS, type Layout, type LoginRecord, readLoginRecord } from './utmp-record.ts'

/** so many records at the start tell that a file is one of these */
const TELLING = 64

const shapes = new DecodedShapes()

/** The layout by which every record at the start is one, and at least one says who or where, and when. */
function layoutOf(head: Uint8Array): Layout | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  return LAYOUTS.find((layout) => {
    let telling = 0
    let at = 0
    for (; at + layout.size <= bytes.length && at < TELLING * layout.size; at += layout.size) {
      const record = readLoginRecord(bytes, at, layout)
      if (!record) return false
      if (record.type !== 'EMPTY' && (record.line !== '' || record.user !== '') && !Number.isNaN(record.time)) telling++
    }
    return telling > 0
  })
}

export const utmp: Source = {
  format: 'utmp',
  title: 'logins of Linux (wtmp, btmp, utmp)',
  detect: (head) => (layoutOf(head) ? 0.9 : 0),
  async read(input: Input, _range, _options, onEvent, onSkip) {
    const event = new RecordEvent()
    const carry = new Carry()
    const isRefused = /(?:^|[/\\!])btmp(?:[.-]|$)/i.test(input.name)
    let layout: Layout | undefined
    let offset = 0
    let count = 0
    const take = (): void => {
      if (!layout) return
      let at = 0
      for (; at + layout.size <= carry.bytes.length; at += layout.size) {
        const record = readLoginRecord(carry.bytes, at, layout)
        const pointer = { file: input.name, offset: offset + at, length: layout.size, recordId: ++count }
        if (!record) onSkip({ reason: 'no login record', offset: pointer.offset, bytes: layout.size })
        else if (record.type !== 'EMPTY') {
          shapes.place(
            event,
            isRefused ? 'btmp' : 'wtmp',
            () => classOf(isRefused),
            fieldsOf(record),
            pointer,
            record.time,
            '',
          )
          onEvent(event)
        }
      }
      carry.drop(at)
      offset += at
    }
    for await (const piece of input.open()) {
      carry.append(piece)
      // As many records as tell it, or all that there are.
      if (!layout && carry.bytes.length >= TELLING * 400) layout = layoutOf(carry.bytes) ?? LAYOUTS[0]
      take()
    }
    layout ??= layoutOf(carry.bytes) ?? (carry.bytes.length >= LAYOUTS[0].size ? LAYOUTS[0] : undefined)
    take()
    if (carry.bytes.length > 0) onSkip({ reason: 'a login record that is cut off', offset, bytes: carry.bytes.length })
  },
}

const classOf = (isRefused: boolean) => {
  const log = isRefused ? 'btmp' : 'wtmp'
  return {
    channel: log,
    eventId: log,
    provider: 'utmp',
    logSources: [{ product: 'linux', service: log }],
    constants: new Map<string, string>(),
    aliases: {},
  }
}

const fieldsOf = (record: LoginRecord): NamedValue[] => {
  const fields: NamedValue[] = [
    ['type', record.type],
    ['pid', record.pid],
  ]
  const say = (name: string, value: string | number): void => {
    if (value !== '' && value !== 0) fields.push([name, value])
  }
  say('line', record.line)
  say('id', record.id)
  say('user', record.user)
  say('host', record.host)
  say('address', record.address)
  say('exit', record.exit)
  say('session', record.session)
  return fields
}
