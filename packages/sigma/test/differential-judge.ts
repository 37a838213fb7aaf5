// The third party of the differential test: whether a Windows event (flat, as a forwarder writes it) matches a rule, from the specification alone; of a Linux event, too. It shares no router, compiler
// or matcher with the engine.
import type { LogSource } from '../src/log-source.ts'
import type { Detection, DetectionRule } from '../src/rule.ts'
import { matchesReference } from './reference.ts'

export interface Verdict {
  /** undefined: it can't say */
  matches: boolean | undefined
  why: string
}

type Event = Record<string, unknown>

/** What the reference matcher knows. */
const MODIFIERS = new Set([
  'contains',
  'startswith',
  'endswith',
  'cased',
  're',
  'i',
  'm',
  's',
  'exists',
  'lt',
  'lte',
  'gt',
  'gte',
  'neq',
  'windash',
  'fieldref',
  'cidr',
  'base64offset',
]) // prettier-ignore

export function judge(rule: DetectionRule | undefined, event: Event): Verdict {
  if (!rule) return { matches: undefined, why: 'Crosstalk refuses the rule' }
  const { product, category, service } = rule.logSource
  const sources = sourcesOf(event)
  const isOf = sources.some(
    (one) =>
      (product === undefined || product === one.product) &&
      (category === undefined || category === one.category) &&
      (service === undefined || service === one.service),
  )
  const named = [product, category, service].filter(Boolean).join('/')
  if (!isOf)
    return {
      matches: false,
      why: `events of ${String(event.Channel).toLowerCase()} are not of the rule’s log source, ${named}`,
    }
  const modifiers = [...rule.detections.values()].flatMap(modifiersOf)
  // pySigma: "placeholder … has not been resolved" is an error.
  if (modifiers.includes('expand')) return { matches: false, why: 'the rule has placeholders, and nobody gave values' }
  const unknown = modifiers.find((one) => !MODIFIERS.has(one))
  if (unknown !== undefined) return { matches: undefined, why: `the reference matcher does not know ${unknown}` }
  if (matchesReference(rule, event))
    return { matches: true, why: 'the reference matcher finds it in the event as it stands' }
  const { Channel, EventID } = event
  return matchesReference(rule, withTaxonomy(event))
    ? {
        matches: true,
        why: `the reference matcher finds it by the taxonomy’s names for the fields of ${String(Channel).toLowerCase()} ${EventID}`,
      }
    : { matches: false, why: 'the reference matcher does not find it' }
}

function modifiersOf(detection: Detection): readonly string[] {
  return detection.kind === 'item' ? detection.item.modifiers : detection.parts.flatMap(modifiersOf)
}

/** Sysmon's manual: event id → Sigma's category (specification, appendix taxonomy). */
const SYSMON: Readonly<Record<string, readonly string[]>> = {
  1: ['process_creation'],
  2: ['file_change'],
  3: ['network_connection'],
  4: ['sysmon_status'],
  5: ['process_termination'],
  6: ['driver_load'],
  7: ['image_load'],
  8: ['create_remote_thread'],
  9: ['raw_access_thread'],
  10: ['process_access'],
  11: ['file_event'],
  12: ['registry_event', 'registry_add', 'registry_delete'],
  13: ['registry_event', 'registry_set'],
  14: ['registry_event', 'registry_rename'],
  15: ['create_stream_hash'],
  16: ['sysmon_status'],
  17: ['pipe_created'],
  18: ['pipe_created'],
  19: ['wmi_event'],
  20: ['wmi_event'],
  21: ['wmi_event'],
  22: ['dns_query'],
  23: ['file_delete'],
  24: ['clipboard_capture'],
  25: ['process_tampering'],
  26: ['file_delete', 'file_delete_detected'],
  27: ['file_block_executable'],
  28: ['file_block_shredding'],
  29: ['file_executable_detected'],
  255: ['sysmon_error'],
}

/** Channel, lower case, and event id → categories (specification, appendix taxonomy, "Windows folder"). */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  'security 4688': ['process_creation'],
  'security 4657': ['registry_event', 'registry_set', 'registry_add', 'registry_delete'],
  'security 5156': ['network_connection'],
  'security 4689': ['process_termination'],
  'microsoft-windows-powershell/operational 4103': ['ps_module'],
  'microsoft-windows-powershell/operational 4104': ['ps_script'],
  'windows powershell 400': ['ps_classic_start'],
  'windows powershell 600': ['ps_classic_provider_start'],
  'windows powershell 800': ['ps_classic_script'],
}

/** Defender's events that tell of a threat: "antivirus detection message" (appendix taxonomy); the category has no product. */
const DEFENDER_THREATS = new Set(['1006', '1007', '1008', '1009', '1015', '1116', '1117', '1118', '1119'])

/** Channel, lower case → service. */
const SERVICES: Readonly<Record<string, string>> = {
  security: 'security',
  system: 'system',
  application: 'application',
  'windows powershell': 'powershell-classic',
  'microsoft-windows-powershell/operational': 'powershell',
  'microsoft-windows-taskscheduler/operational': 'taskscheduler',
  'microsoft-windows-wmi-activity/operational': 'wmi',
  'microsoft-windows-windows defender/operational': 'windefend',
  'microsoft-windows-dns-client/operational': 'dns-client',
  'microsoft-windows-bits-client/operational': 'bits-client',
  'microsoft-windows-windows firewall with advanced security/firewall': 'firewall-as',
  'microsoft-windows-codeintegrity/operational': 'codeintegrity-operational',
  'microsoft-windows-ntlm/operational': 'ntlm',
  'msexchange management': 'msexchange-management',
  'openssh/operational': 'openssh',
  'dns server': 'dns-server',
  'microsoft-windows-printservice/admin': 'printservice-admin',
  'microsoft-windows-printservice/operational': 'printservice-operational',
  'microsoft-windows-capi2/operational': 'capi2',
  'microsoft-windows-terminalservices-localsessionmanager/operational': 'terminalservices-localsessionmanager',
}

function sourcesOf(event: Event): LogSource[] {
  // flat-events.ts says of what a Linux event is.
  if (event.product === 'linux') {
    const { product, category, service } = event as LogSource
    return [{ product, category, service }]
  }
  const channel = String(event.Channel ?? '').toLowerCase()
  const product = 'windows'
  if (channel === 'microsoft-windows-sysmon/operational')
    return [
      { product, service: 'sysmon' },
      ...(SYSMON[String(event.EventID)] ?? []).map((category) => ({ product, category, service: 'sysmon' })),
    ] // prettier-ignore
  const service = SERVICES[channel]
  return [
    { product, service },
    ...(service === 'windefend' && DEFENDER_THREATS.has(String(event.EventID))
      ? [{ product, service, category: 'antivirus' }]
      : []),
    ...(CATEGORIES[`${channel} ${event.EventID}`] ?? []).map((category) => ({ product, category, service })),
  ]
}

/** Sigma's name → the event's own, where a forwarder or another provider has another name (pySigma-pipeline-windows; specification, appendix taxonomy). */
const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'security 4688': {
    Image: 'NewProcessName',
    ParentImage: 'ParentProcessName',
    User: 'SubjectUserName',
    LogonId: 'SubjectLogonId',
    IntegrityLevel: 'MandatoryLabel',
  },
  'security 5156': {
    Image: 'Application',
    DestinationIp: 'DestAddress',
    DestinationPort: 'DestPort',
    SourceIp: 'SourceAddress',
  },
}

function withTaxonomy(event: Event): Event {
  const channel = String(event.Channel).toLowerCase()
  const named: Event = { ...event, Provider_Name: event.SourceName }
  // Rules write the names of Defender's data without their blanks (`NewValue` for "New Value"), or as of any antivirus.
  for (const [name, value] of Object.entries(event)) if (name.includes(' ')) named[name.replaceAll(' ', '')] = value
  if (event['Threat Name'] !== undefined) {
    named.Signature = event['Threat Name']
    named.Filename = event.Path
  }
  // The forwarder keeps the data of PowerShell's classic events in the message alone.
  if (channel === 'windows powershell' && event.Data === undefined) named.Data = event.Message
  // Who opened the connection is a message of msobjs.dll, or its word: 14592 inbound, 14593 outbound.
  if (channel === 'security' && String(event.EventID) === '5156' && event.Direction !== undefined)
    named.Initiated = /14593|outbound/i.test(String(event.Direction))
  for (const [name, own] of Object.entries(NAMES[`${channel} ${event.EventID}`] ?? {}))
    if (event[own] !== undefined) named[name] = event[own]
  return named
}
