// Elastic's modules rename what the event wrote to the Elastic Common Schema; here is the way back to Sigma's names
// (elastic/beats, x-pack/winlogbeat/module/sysmon/ingest/sysmon.yml and .../security/ingest/security.yml).
import type { ExtraField } from '../../json-lines/form.ts'

export const ECS_NAMES: Readonly<Record<string, string>> = {
  'process.executable': 'Image',
  'process.command_line': 'CommandLine',
  'process.pid': 'ProcessId',
  'process.entity_id': 'ProcessGuid',
  'process.working_directory': 'CurrentDirectory',
  'process.pe.original_file_name': 'OriginalFileName',
  'process.pe.company': 'Company',
  'process.pe.description': 'Description',
  'process.pe.product': 'Product',
  'process.pe.file_version': 'FileVersion',
  'process.parent.executable': 'ParentImage',
  'process.parent.command_line': 'ParentCommandLine',
  'process.parent.pid': 'ParentProcessId',
  'process.parent.entity_id': 'ParentProcessGuid',
  'process.thread.id': 'SourceThreadId',
  'file.path': 'TargetFilename',
  'registry.path': 'TargetObject',
  'registry.data.strings': 'Details',
  'network.transport': 'Protocol',
  'source.ip': 'SourceIp',
  'source.port': 'SourcePort',
  'source.domain': 'SourceHostname',
  'destination.ip': 'DestinationIp',
  'destination.port': 'DestinationPort',
  'destination.domain': 'DestinationHostname',
  'dns.question.name': 'QueryName',
  'sysmon.dns.status': 'QueryStatus',
  'rule.name': 'RuleName',
  'powershell.file.script_block_text': 'ScriptBlockText',
  'powershell.file.script_block_id': 'ScriptBlockId',
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Sysmon writes `SHA1=…,MD5=…`; the algorithms in the order of Sysmon's documentation. */
const ALGORITHMS = ['sha1', 'md5', 'sha256', 'imphash']

export const ECS_TAKEN_APART: readonly ExtraField[] = [
  {
    name: 'User',
    from: ['user.domain', 'user.name'],
    make: ([domain, name]) =>
      text(name) === undefined ? undefined : text(domain) ? `${text(domain)}\\${text(name)}` : text(name),
  },
  {
    name: 'Hashes',
    from: ['process.hash.sha1', 'process.hash.md5', 'process.hash.sha256', 'process.pe.imphash'],
    make: (values) =>
      values
        .flatMap((value, i) => (text(value) ? `${ALGORITHMS[i].toUpperCase()}=${text(value)?.toUpperCase()}` : []))
        .join(',') || undefined,
  },
  {
    name: 'Initiated',
    from: ['network.direction'],
    make: ([direction]) => (direction === 'egress' ? 'true' : direction === 'ingress' ? 'false' : undefined),
  },
]
