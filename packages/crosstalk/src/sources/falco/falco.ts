// Falco's alerts as JSON (Falco documentation, "Output formatting"; fields: "Supported fields for conditions and outputs").
import { jsonSource } from '../json-source.ts'
import type { RecordFlavour } from '../record-flavour.ts'

const alert: RecordFlavour = {
  name: 'falco',
  needs: [['output_fields.', 'output'], ['rule'], ['priority'], ['time']],
  decisive: ['output_fields.evt.type'],
  classify([type]) {
    const starts = type === 'execve' || type === 'execveat'
    return {
      channel: 'falco',
      eventId: type || 'alert',
      provider: 'Falco',
      logSources: [{ product: 'linux', service: 'falco', ...(starts && { category: 'process_creation' }) }],
      fields: {
        'output_fields.proc.exepath': 'Image',
        'output_fields.proc.cmdline': 'CommandLine',
        'output_fields.proc.cwd': 'CurrentDirectory',
        'output_fields.proc.pid': 'ProcessId',
        'output_fields.proc.ppid': 'ParentProcessId',
        'output_fields.proc.pexepath': 'ParentImage',
        'output_fields.proc.pcmdline': 'ParentCommandLine',
        'output_fields.user.name': 'User',
        'output_fields.fd.name': 'TargetFilename',
        'output_fields.fd.cip': 'SourceIp',
        'output_fields.fd.cport': 'SourcePort',
        'output_fields.fd.sip': 'DestinationIp',
        'output_fields.fd.sport': 'DestinationPort',
        'output_fields.container.id': 'ContainerId',
      },
    }
  },
  time: ['time', 'output_fields.evt.time'],
  host: ['hostname'],
  recordId: [],
}

export const falco = jsonSource('falco', 'Falco alerts', [alert])
