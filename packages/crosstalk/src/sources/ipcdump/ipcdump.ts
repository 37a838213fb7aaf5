// IPCDump's events as JSON (guardicore/IPCDump, internal/events/output.go): who sent what to whom, over which kind of channel.
import { jsonSource } from '../json-source.ts'
import type { RecordFlavour } from '../record-flavour.ts'

const event: RecordFlavour = {
  name: 'ipcdump',
  needs: [['src_pid'], ['dst_pid'], ['src_comm', 'dst_comm'], ['type'], ['time']],
  decisive: ['type'],
  classify: ([type]) =>
    /^[a-z][a-z-]{1,30}$/.test(type)
      ? {
          channel: 'ipcdump',
          eventId: type,
          provider: 'IPCDump',
          logSources: [{ product: 'linux', service: 'ipcdump' }],
          fields: {
            src_pid: 'ProcessId',
            src_comm: 'Image',
            dst_pid: 'TargetProcessId',
            dst_comm: 'TargetImage',
            'meta.path': 'SocketPath',
            'meta.pipe_name': 'TargetFilename',
            'meta.src_port': 'SourcePort',
            'meta.dst_port': 'DestinationPort',
          },
        }
      : undefined,
  time: ['time'],
  host: ['hostname'],
  recordId: [],
}

/** What IPCDump could not keep up with: a gap, told as an event so that it is seen. */
const lost: RecordFlavour = {
  name: 'ipcdump-lost',
  needs: [['lost_type'], ['count'], ['time']],
  decisive: [],
  classify: () => ({
    channel: 'ipcdump',
    eventId: 'lost',
    provider: 'IPCDump',
    logSources: [{ product: 'linux', service: 'ipcdump' }],
  }),
  time: ['time'],
  host: ['hostname'],
  recordId: [],
}

export const ipcdump = jsonSource('ipcdump', 'IPCDump events', [event, lost])
