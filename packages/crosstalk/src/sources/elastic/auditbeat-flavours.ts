// Auditbeat's other modules, in the Elastic Common Schema: `system` (x-pack/auditbeat/module/system: process, socket, login …) and `file_integrity`.
import type { RecordFlavour } from '../record-flavour.ts'

const words = (value: unknown): string | undefined =>
  Array.isArray(value) ? value.map(String).join(' ') : typeof value === 'string' ? value : undefined

const PROCESS = {
  'process.executable': 'Image',
  'process.pid': 'ProcessId',
  'process.working_directory': 'CurrentDirectory',
  'process.entity_id': 'ProcessGuid',
  'process.parent.pid': 'ParentProcessId',
  'process.parent.executable': 'ParentImage',
  'process.ppid': 'ParentProcessId',
  'user.name': 'User',
}

/** What of the actions happened at that moment; `existing_process` and kin are a state. */
const CATEGORIES: Readonly<Record<string, string>> = {
  process_started: 'process_creation',
  process_stopped: 'process_termination',
  network_flow: 'network_connection',
}

const products = (os: string): string => (/darwin|macos/.test(os) ? 'macos' : /windows/.test(os) ? 'windows' : 'linux')

export const systemModule: RecordFlavour = {
  name: 'auditbeat-system',
  needs: [
    ['event.module'],
    ['@timestamp'],
    ['event.action', 'event.dataset'],
    ['agent.type', 'service.type', 'host.', 'agent.'],
  ],
  decisive: ['event.module', 'event.dataset', 'event.action', 'host.os.type', 'host.os.platform'],
  classify([module, dataset, action, type, platform]) {
    if (module !== 'system' || !/^(?:system\.)?(?:process|socket|login|user|host|package)$/.test(dataset))
      return undefined
    const name = dataset.replace(/^system\./, '')
    const product = products(type || platform)
    const category = CATEGORIES[action]
    return {
      channel: `auditbeat ${name}`,
      eventId: action || name,
      provider: 'Auditbeat',
      logSources: [{ product, service: `auditbeat_${name}` }, ...(category ? [{ product, category }] : [])],
      fields: {
        ...PROCESS,
        'source.ip': 'SourceIp',
        'source.port': 'SourcePort',
        'destination.ip': 'DestinationIp',
        'destination.port': 'DestinationPort',
        'network.transport': 'Protocol',
      },
      extras: [
        {
          name: 'CommandLine',
          from: ['process.command_line', 'process.args'],
          make: ([line, args]) => words(line) ?? words(args),
        },
        {
          name: 'Initiated',
          from: ['network.direction'],
          make: ([direction]) =>
            /^(?:outbound|egress)$/.test(String(direction))
              ? 'true'
              : /^(?:inbound|ingress)$/.test(String(direction))
                ? 'false'
                : undefined,
        },
      ],
    }
  },
  time: ['@timestamp'],
  host: ['host.hostname', 'host.name', 'agent.hostname'],
  recordId: [],
}

export const fileIntegrity: RecordFlavour = {
  name: 'auditbeat-file-integrity',
  needs: [['event.module'], ['file.path'], ['@timestamp']],
  decisive: ['event.module', 'event.action', 'host.os.type', 'host.os.platform'],
  classify([module, action, type, platform]) {
    if (module !== 'file_integrity') return undefined
    const product = products(type || platform)
    return {
      channel: 'auditbeat file_integrity',
      eventId: action || 'file',
      provider: 'Auditbeat',
      logSources: [
        { product, service: 'auditbeat_file_integrity' },
        ...(action.includes('created') ? [{ product, category: 'file_event' }] : []),
      ],
      fields: { ...PROCESS, 'file.path': 'TargetFilename', 'file.mode': 'TargetMode' },
    }
  },
  time: ['@timestamp'],
  host: ['host.hostname', 'host.name', 'agent.hostname'],
  recordId: [],
}
