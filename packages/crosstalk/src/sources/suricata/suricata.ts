// Suricata's EVE log (Suricata documentation, "EVE JSON Format").
import type { LogSource } from '@crosstalk/sigma'
import { jsonSource } from '../json-source.ts'
import type { FlavourClass, RecordFlavour } from '../record-flavour.ts'

/** Sigma's categories of event types. */
const CATEGORIES: Readonly<Record<string, string>> = { flow: 'firewall', dns: 'dns', http: 'proxy' }

/** Zeek's names beside Suricata's, so that what reads connections on the wire reads both. */
export const ENDS: Readonly<Record<string, readonly string[]>> = {
  src_ip: ['id.orig_h', 'SourceIp'],
  src_port: ['id.orig_p', 'SourcePort'],
  dest_ip: ['id.resp_h', 'dst_ip', 'DestinationIp'],
  dest_port: ['id.resp_p', 'dst_port', 'DestinationPort'],
}

const FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dns: { 'dns.rrname': 'query', 'dns.rrtype': 'record_type', 'dns.answers': 'answer' },
  http: {
    'http.url': 'c-uri',
    'http.hostname': 'cs-host',
    'http.http_user_agent': 'c-useragent',
    'http.http_method': 'cs-method',
    'http.status': 'sc-status',
    'http.http_refer': 'cs-referrer',
  },
  smb: { 'smb.share': 'path', 'smb.filename': 'name', 'smb.command': 'action', 'smb.named_pipe': 'named_pipe' },
}

/** What an event of that type is, and the names of its fields; undefined: no type. */
export function eveClass(type: string): FlavourClass | undefined {
  if (!/^[a-z][a-z0-9_-]{0,40}$/i.test(type)) return undefined
  const category = CATEGORIES[type]
  const logSources: LogSource[] = [{ product: 'suricata', service: type, ...(category && { category }) }]
  return {
    channel: `suricata ${type}`,
    eventId: type,
    provider: 'Suricata',
    logSources,
    fields: { ...ENDS, ...(Object.hasOwn(FIELDS, type) ? FIELDS[type] : {}) },
  }
}

const eve: RecordFlavour = {
  name: 'eve',
  needs: [['event_type'], ['timestamp'], ['flow_id', 'src_ip', 'stats.', 'engine.', 'in_iface']],
  decisive: ['event_type'],
  classify: ([type]) => eveClass(type),
  time: ['timestamp'],
  // Who was asked; the sensor's name stays a field.
  host: ['dest_ip'],
  recordId: [],
}

export const suricata = jsonSource('suricata', 'Suricata EVE', [eve])
