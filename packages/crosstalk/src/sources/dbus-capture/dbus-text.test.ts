import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ReadEvent, readAll } from '../reading.ts'
import { dbusText } from './dbus-text.ts'

const pick = (event: ReadEvent, ...names: string[]) => names.map((name) => event.field(name))

describe('D-Bus as text', () => {
  it('dbus-monitor: calls, answers, signals, errors', async () => {
    const text = `signal time=1731835919.308494 sender=org.freedesktop.DBus -> destination=:1.91 serial=2 path=/org/freedesktop/DBus; interface=org.freedesktop.DBus; member=NameAcquired
   string ":1.91"
method call time=1731835922.954899 sender=:1.92 -> destination=org.freedesktop.systemd1 serial=7 path=/org/freedesktop/systemd1; interface=org.freedesktop.systemd1.Manager; member=StopUnit
   string "a.service"
   array [
      dict entry(
         string "k"
         variant             string "v"
      )
   ]
method return time=1731835922.955003 sender=org.freedesktop.systemd1 -> destination=:1.92 serial=9 reply_serial=7
error time=1731835923 sender=org.x -> destination=:1.92 error_name=org.x.Failed reply_serial=8
error time=1731835923.1 sender=org.x -> destination=:1.92 error_name=org.x.Failed reply_serial=8
   string "no"
`
    const { events, skips } = await readAll(dbusText, text)
    assert.deepEqual(
      skips.map((one) => one.reason),
      ['line of no D-Bus message'],
    )
    assert.deepEqual(
      events.map((one) => one.eventId),
      ['signal', 'method_call', 'method_return', 'error'],
    )
    const [, call, answer, error] = events
    assert.equal(call.time, '2024-11-17T09:32:02.954899Z')
    assert.deepEqual(pick(call, 'Sender', 'Destination', 'ObjectPath', 'Interface', 'Member', 'Serial'), [
      ':1.92',
      'org.freedesktop.systemd1',
      '/org/freedesktop/systemd1',
      'org.freedesktop.systemd1.Manager',
      'StopUnit',
      '7',
    ])
    assert.ok(call.field('Arguments')?.startsWith('string "a.service"\narray ['))
    assert.deepEqual(
      [...pick(answer, 'ReplySerial'), ...pick(error, 'ErrorName', 'Arguments')],
      ['7', 'org.x.Failed', 'string "no"'],
    )
    assert.equal(
      Buffer.from(text)
        .toString('utf8', call.offset, call.offset + call.length)
        .split('\n').length,
      8,
    )
  })
  it('older ones have no time, and no one who is asked', async () => {
    const text =
      'signal sender=:1.29 -> dest=(null destination) serial=111 path=/org/mate/ScreenSaver; interface=org.mate.ScreenSaver; member=ActiveChanged\n   boolean true\n'
    const [event] = (await readAll(dbusText, text)).events
    assert.deepEqual(
      [event.time, ...pick(event, 'Sender', 'Destination', 'Member')],
      ['none', ':1.29', undefined, 'ActiveChanged'],
    )
  })
  it('busctl monitor', async () => {
    const text = `Monitoring bus message stream.
\u2023 Type=method_call  Endian=l  Flags=0  Version=1  Cookie=3  Timestamp="Sat 2026-08-15 04:34:14.743391 UTC"
  Sender=:1.39251  Destination=org.freedesktop.systemd1  Path=/org/freedesktop/systemd1  Interface=org.freedesktop.systemd1.Manager  Member=StopUnit
  UniqueName=:1.39251
  MESSAGE "ss" {
          STRING "x.service";
          STRING "replace";
  };

\u2023 Type=method_return  Endian=l  Flags=1  Version=1  Cookie=9  ReplyCookie=3  Timestamp="Sat 2026-08-15 04:34:14.8 UTC"
  Sender=:1.1  Destination=:1.39251
  MESSAGE "o" {
          OBJECT_PATH "/j/1";
  };
`
    const { events, skips } = await readAll(dbusText, text)
    assert.deepEqual(
      skips.map((one) => one.bytes),
      [30],
    )
    const [call, answer] = events
    assert.deepEqual([call.time, call.eventId], ['2026-08-15T04:34:14.743391Z', 'method_call'])
    assert.deepEqual(pick(call, 'Sender', 'Destination', 'Member', 'Serial'), [
      ':1.39251',
      'org.freedesktop.systemd1',
      'StopUnit',
      '3',
    ])
    assert.equal(call.field('Arguments'), 'MESSAGE "ss" {\nSTRING "x.service";\nSTRING "replace";\n};')
    assert.deepEqual(pick(answer, 'ReplySerial', 'Interface'), ['3', undefined])
  })
})
