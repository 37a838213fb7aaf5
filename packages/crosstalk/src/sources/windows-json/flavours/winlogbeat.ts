import type { ExtraField } from '../../json-lines/form.ts'
import type { WindowsFlavour } from '../flavour.ts'
import { ECS_NAMES, ECS_TAKEN_APART } from './ecs-names.ts'

/** Event data without names is param1, param2 … here; Sigma calls it Data. */
const UNNAMED_DATA: ExtraField = {
  name: 'Data',
  from: Array.from({ length: 9 }, (_, i) => `param${i + 1}`),
  make: (values) => values.filter((value) => value !== undefined),
}

/** What the sysmon module's `file` fields were, by event id (elastic/beats, x-pack/winlogbeat/module/sysmon/ingest/sysmon.yml). */
const IMAGE_LOADED = {
  'file.path': 'ImageLoaded',
  'file.pe.original_file_name': 'OriginalFileName',
  'file.pe.company': 'Company',
  'file.pe.description': 'Description',
  'file.pe.product': 'Product',
  'file.code_signature.subject_name': 'Signature',
  'file.code_signature.status': 'SignatureStatus',
}
const SYSMON_FILES: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  6: IMAGE_LOADED,
  7: IMAGE_LOADED,
  9: { 'file.path': 'Device' },
  10: {
    'process.executable': 'SourceImage',
    'process.pid': 'SourceProcessId',
    'process.entity_id': 'SourceProcessGUID',
  },
  8: {
    'process.executable': 'SourceImage',
    'process.pid': 'SourceProcessId',
    'process.entity_id': 'SourceProcessGuid',
  },
  17: { 'file.name': 'PipeName' },
  18: { 'file.name': 'PipeName' },
}

/**
 * Winlogbeat 7 and 8, and Elastic Agent's winlog input: the event under `winlog`, the rest in the Elastic Common Schema.
 * Winlogbeat reference, "winlog fields". In 7 `winlog.event_id` is a number, in 8 a string; older than 7.0: see winlogbeat6.
 *
 * @timestamp is the event's TimeCreated, or Sysmon's UtcTime once the sysmon module has seen it.
 */
export const winlogbeat: WindowsFlavour = {
  name: 'winlogbeat',
  title: 'Winlogbeat 7 and 8, Elastic Agent',
  needs: [
    ['winlog.channel', 'winlog.provider_name'],
    ['winlog.event_id', 'event.code'],
  ],
  channel: ['winlog.channel'],
  eventId: ['winlog.event_id', 'event.code'],
  provider: ['winlog.provider_name', 'event.provider'],
  computer: ['winlog.computer_name', 'host.name', 'host.hostname', 'agent.hostname'],
  recordId: ['winlog.record_id'],
  time: [{ name: '@timestamp' }, { name: 'event.created' }],
  data: ['winlog.event_data', 'winlog.user_data'],
  fields: {
    'winlog.computer_name': 'Computer',
    'winlog.record_id': 'EventRecordID',
    'winlog.provider_guid': 'Provider_Guid',
    'winlog.task': 'Task',
    'winlog.opcode': 'Opcode',
    'winlog.version': 'Version',
    'winlog.user.identifier': 'Security_UserID',
    'winlog.process.pid': 'Execution_ProcessID',
    'log.level': 'Level',
    message: 'Message',
    ...ECS_NAMES,
  },
  fieldsOf: (provider, eventId) => (provider === 'Microsoft-Windows-Sysmon' ? SYSMON_FILES[eventId] : undefined),
  extras: [...ECS_TAKEN_APART, UNNAMED_DATA],
}

/** Winlogbeat 6: the same without `winlog` in front. */
export const winlogbeat6: WindowsFlavour = {
  name: 'winlogbeat6',
  title: 'Winlogbeat 6',
  needs: [['log_name'], ['event_id'], ['source_name']],
  channel: ['log_name'],
  eventId: ['event_id'],
  provider: ['source_name'],
  computer: ['computer_name', 'beat.hostname'],
  recordId: ['record_number'],
  time: [{ name: '@timestamp' }],
  data: ['event_data', 'user_data'],
  fields: {
    computer_name: 'Computer',
    record_number: 'EventRecordID',
    provider_guid: 'Provider_Guid',
    message: 'Message',
  },
}
