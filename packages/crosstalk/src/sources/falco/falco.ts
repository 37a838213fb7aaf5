// Falco's alerts as JSON (Falco documentation, "Output formatting"; fields: "Supported fields for conditions and outputs").
import { jsonSource } from '../json-source.ts'
import type { RecordFlavour } from '../record-flavour.ts'

/** What an alert's system call is (evt.type). */
const CATEGORIES: Readonly<Record<string, string>> = {
  execve: 'process_creation',
  execveat: 'process_creation',
  connect: 'network_connection',
  accept: 'network_connection',
  accept4: 'network_connection',
}

const alert: RecordFlavour = {
  name: 'falco',
  needs: [['output_fields.', 'output'], ['rule'], ['priority'], ['time']],
  decisive: ['output_fields.evt.type'],
  classify([type]) {
    const category = CATEGORIES[type]
    return {
      channel: 'falco',
      eventId: type || 'alert',
      provider: 'Falco',
      logSources: [{ product: 'linux', service: 'falco', ...(category && { category }) }],
      // Of a connection, Falco tells the ends by their roles.
      constants:
        category === 'network_connection' ? new Map([['Initiated', type === 'connect' ? 'true' : 'false']]) : undefined,
      fields: {
        'output_fields.proc.exepath': 'Image',
        'output_fields.proc.cmdline': 'CommandLine',
        'output_fields.proc.cwd': 'CurrentDirectory',
        'output_fields.proc.pid': 'ProcessId',
        'output_fields.proc.ppid': 'ParentProcessId',
        'output_fields.proc.pexepath': 'ParentImage',
        'output_fields.proc.pcmdline': 'ParentCommandLine',
        'output_fields.user.name': 'User',
        'output_fields.user.uid': 'UserId',
        'output_fields.fd.name': 'TargetFilename',
        'output_fields.fd.cip': 'SourceIp',
        'output_fields.fd.cport': 'SourcePort',
        'output_fields.fd.sip': 'DestinationIp',
        'output_fields.fd.sport': 'DestinationPort',
        'output_fields.fd.l4proto': 'Protocol',
        'output_fields.container.id': 'ContainerId',
      },
    }
  },
  time: ['time', 'output_fields.evt.time'],
  host: ['hostname', 'output_fields.evt.hostname'],
  recordId: [],
}

export const falco = jsonSource('falco', 'Falco alerts', [alert])
