// Messages of D-Bus as `busctl monitor --json=short` writes them (busctl(1); systemd, src/busctl/busctl.c).
import { jsonSource } from '../json-source.ts'
import type { RecordFlavour } from '../record-flavour.ts'

const message: RecordFlavour = {
  name: 'busctl',
  needs: [['type'], ['cookie'], ['sender', 'destination', 'path', 'interface'], ['timestamp-realtime', 'endian']],
  decisive: ['type'],
  classify: ([type]) =>
    /^(?:method_call|method_return|error|signal|[1-4])$/.test(type)
      ? {
          channel: 'dbus',
          eventId: NAMES[type] ?? type,
          provider: 'D-Bus',
          logSources: [{ product: 'linux', service: 'dbus' }],
          fields: {
            sender: 'Sender',
            destination: 'Destination',
            path: 'ObjectPath',
            interface: 'Interface',
            member: 'Member',
          },
        }
      : undefined,
  time: ['timestamp-realtime'],
  host: ['hostname'],
  recordId: ['cookie'],
}

/** Message types by number (D-Bus specification, "Message Format"). */
const NAMES: Readonly<Record<string, string>> = { 1: 'method_call', 2: 'method_return', 3: 'error', 4: 'signal' }

export const dbusCapture = jsonSource('dbus-capture', 'D-Bus messages (busctl monitor --json)', [message])
