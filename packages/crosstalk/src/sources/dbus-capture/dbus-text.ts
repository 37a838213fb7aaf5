// Messages of D-Bus as text: `dbus-monitor` (dbus, tools/dbus-print-message.c) and `busctl monitor` (systemd, sd_bus_message_dump). A line that begins a message, further ones of its header
// (busctl), then its arguments.
import { RecordEvent } from '../../events/record-event.ts'
import { DecodedShapes, type NamedValue } from '../decoded-records.ts'
import { forEachLine } from '../framing.ts'
import type { Source } from '../source.ts'
import { parseTime } from '../timestamps.ts'

const shapes = new DecodedShapes()

/** Text of a message's arguments that is kept; the rest is left out, and says so. */
const MAX_ARGUMENTS = 64 * 1024

/** `method call time=1.2 sender=:1.9 -> destination=org.x serial=1 path=/; interface=i; member=M`; before 1.9 `dest=`, and no time. */
const MONITOR =
  /^(method call|method return|signal|error) (?:time=(\d{1,12}\.\d{1,9}) )?sender=(\([a-z ]+\)|\S+) -> dest(?:ination)?=(\([a-z ]+\)|\S+)(.*)$/
/** `‣ Type=method_call  Endian=l  Flags=0  Version=1  Cookie=3  Timestamp="Sat 2026-08-15 04:34:14.743391 UTC"` */
const BUSCTL = /^\u2023 Type=(method_call|method_return|signal|error)\b(.*)$/
const FURTHER = /^ {2}(?:Sender|Destination|Path|Interface|Member|UniqueName|ErrorName|ErrorMessage)=/

/** busctl's names, and dbus-monitor's, of what a message has. */
const NAMES: Readonly<Record<string, string>> = {
  Sender: 'Sender',
  Destination: 'Destination',
  Path: 'ObjectPath',
  path: 'ObjectPath',
  Interface: 'Interface',
  interface: 'Interface',
  Member: 'Member',
  member: 'Member',
  Cookie: 'Serial',
  serial: 'Serial',
  ReplyCookie: 'ReplySerial',
  reply_serial: 'ReplySerial',
  ErrorName: 'ErrorName',
  error_name: 'ErrorName',
  ErrorMessage: 'ErrorMessage',
}

interface Message {
  type: string
  time: number
  fields: Map<string, string>
  arguments: string
  cut: boolean
  offset: number
  end: number
}

export const dbusText: Source = {
  format: 'dbus-text',
  title: 'D-Bus messages as text (dbus-monitor, busctl monitor)',
  detect(head) {
    const lines = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 16_384)).toString('utf8').split('\n')
    const found = lines.filter((line) => MONITOR.test(line) || BUSCTL.test(line)).length
    const others = lines.filter((line) => /^\S/.test(line) && !MONITOR.test(line) && !BUSCTL.test(line)).length
    return found > 0 && found >= others ? 0.9 : 0
  },
  async read(input, _range, _options, onEvent, onSkip) {
    const event = new RecordEvent()
    let open: Message | undefined
    let count = 0
    const finish = (): void => {
      if (!open) return
      count++
      place(event, open, input.name, count)
      onEvent(event)
      open = undefined
    }
    await forEachLine(
      input,
      undefined,
      (bytes, start, end, offset, length) => {
        if (start === end) return
        const line = bytes.toString('utf8', start, end)
        const begun = beginning(line, offset, length)
        if (begun) {
          finish()
          open = begun
        } else if (open && line.startsWith(' ')) {
          open.end = offset + length
          if (FURTHER.test(line)) addPairs(open, line)
          else addArgument(open, line)
        } else if (open && /^[\s})\]]/.test(line)) open.end = offset + length
        else onSkip({ reason: 'line of no D-Bus message', offset, bytes: length })
      },
      onSkip,
    )
    finish()
  },
}

function beginning(line: string, offset: number, length: number): Message | undefined {
  const fresh = (type: string): Message => ({
    type,
    time: Number.NaN,
    fields: new Map(),
    arguments: '',
    cut: false,
    offset,
    end: offset + length,
  })
  const monitor = MONITOR.exec(line)
  if (monitor) {
    const [, type, time, sender, destination, rest] = monitor
    const message = fresh(type.replace(' ', '_'))
    if (time !== undefined) message.time = parseTime(time, 0)
    addField(message, 'Sender', sender)
    addField(message, 'Destination', destination)
    addPairs(message, rest.replaceAll(';', ' '))
    return message
  }
  const busctl = BUSCTL.exec(line)
  if (!busctl) return undefined
  const message = fresh(busctl[1])
  // `Sat 2026-08-15 04:34:14.743391 UTC`: the day of the week says nothing more.
  const stamp = /Timestamp="(?:[A-Z][a-z]{2} )?([^"]{1,40})"/.exec(busctl[2])
  if (stamp) message.time = parseTime(stamp[1], 0)
  addPairs(message, busctl[2].replace(/Timestamp="[^"]*"/, ''))
  return message
}

function addPairs(message: Message, text: string): void {
  for (const [, name, quoted, bare] of text.matchAll(/(?:^|\s)([A-Za-z_]{1,32})=(?:"([^"]*)"|(\S+))/g)) {
    const known = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined
    if (known) addField(message, known, quoted ?? bare)
  }
}

/** `(null destination)`, `n/a`: none. */
function addField(message: Message, name: string, value: string): void {
  if (!value.startsWith('(') && value !== 'n/a' && !message.fields.has(name)) message.fields.set(name, value)
}

function addArgument(message: Message, line: string): void {
  if (message.arguments.length + line.length > MAX_ARGUMENTS) message.cut = true
  else message.arguments += `${message.arguments === '' ? '' : '\n'}${line.trim()}`
}

function place(event: RecordEvent, message: Message, file: string, recordId: number): void {
  const { type, offset, end, time } = message
  const fields: NamedValue[] = [...message.fields]
  if (message.arguments !== '') fields.push(['Arguments', message.arguments + (message.cut ? ' …' : '')])
  shapes.place(
    event,
    type,
    () => ({
      channel: 'dbus',
      eventId: type,
      provider: 'D-Bus',
      logSources: [{ product: 'linux', service: 'dbus' }],
      constants: new Map([['type', type]]),
      aliases: {},
    }),
    fields,
    { file, offset, length: end - offset, recordId },
    time,
    '',
  )
}
