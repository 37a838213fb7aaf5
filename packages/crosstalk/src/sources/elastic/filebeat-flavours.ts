// Filebeat's modules zeek and suricata, and Elastic Agent's integrations of the same names: the tools' own fields below one of theirs, the ends of a connection in the Elastic Common
// Schema (elastic/beats, x-pack/filebeat/module/zeek and …/suricata, ingest pipelines and expected documents).
import type { FlavourClass, RecordFlavour } from '../record-flavour.ts'
import { ENDS as EVE_ENDS, eveClass } from '../suricata/suricata.ts'
import { hostField, logSourcesOf, streamNamed } from '../zeek/streams.ts'

/** Data sets that bear another name than their log. */
const LOGS: Readonly<Record<string, string>> = { connection: 'conn', sessions: 'conn' }

const ENDS: Readonly<Record<string, readonly string[]>> = {
  'source.ip': ['id.orig_h', 'src_ip', 'SourceIp'],
  'source.address': ['id.orig_h'],
  'source.port': ['id.orig_p', 'src_port', 'SourcePort'],
  'destination.ip': ['id.resp_h', 'dst_ip', 'DestinationIp'],
  'destination.address': ['id.resp_h'],
  'destination.port': ['id.resp_p', 'dst_port', 'DestinationPort'],
}

/** What the pipelines renamed to the common schema, and its name in Zeek's log. */
const RENAMED: Readonly<Record<string, string>> = {
  'zeek.session_id': 'uid',
  'zeek.connection.state': 'conn_state',
  'network.transport': 'proto',
  'network.application': 'service',
  'source.bytes': 'orig_ip_bytes',
  'destination.bytes': 'resp_ip_bytes',
  'source.packets': 'orig_pkts',
  'destination.packets': 'resp_pkts',
  'dns.question.name': 'query',
  'url.original': 'uri',
  'url.domain': 'host',
  'http.request.method': 'method',
  'http.response.status_code': 'status_code',
  'http.request.referrer': 'referrer',
  'http.request.body.bytes': 'request_body_len',
  'http.response.body.bytes': 'response_body_len',
  'user_agent.original': 'user_agent',
  'url.username': 'username',
}

function zeekClass(dataset: string): FlavourClass | undefined {
  const name = /^zeek\.([a-z][a-z0-9_]{0,40})$/i.exec(dataset)?.[1]
  const stream = name === undefined ? undefined : streamNamed(LOGS[name] ?? name)
  if (!stream) return undefined
  const sigma = Object.entries(stream.aliases ?? {})
  return {
    channel: `zeek ${stream.name}`,
    eventId: stream.name,
    provider: 'Zeek',
    logSources: logSourcesOf(stream),
    fields: ENDS,
    names(place) {
      const own =
        RENAMED[place] ?? (place.startsWith(`zeek.${name}.`) ? place.slice(`zeek.${name}.`.length) : undefined)
      return own === undefined ? [] : [own, ...sigma.filter(([, field]) => field === own).map(([alias]) => alias)]
    },
  }
}

export const filebeatZeek: RecordFlavour = {
  name: 'filebeat-zeek',
  needs: [['event.dataset', 'data_stream.dataset'], ['zeek.'], ['@timestamp']],
  decisive: ['event.dataset', 'data_stream.dataset'],
  classify: ([dataset, stream]) => zeekClass(dataset || stream),
  // As with Zeek's own logs: who was asked, or, for some, who asked.
  host: ['destination.ip', 'destination.address'],
  hostOf: (channel) => {
    const stream = streamNamed(channel.replace(/^zeek /, ''))
    const field = stream && hostField(stream)
    if (field === undefined) return []
    return field === 'id.orig_h' ? ['source.ip', 'source.address'] : ['destination.ip', 'destination.address']
  },
  time: ['@timestamp'],
  recordId: [],
}

const EVE = 'suricata.eve.'

export const filebeatSuricata: RecordFlavour = {
  name: 'filebeat-suricata',
  needs: [['suricata.eve.event_type'], ['@timestamp']],
  decisive: ['suricata.eve.event_type'],
  classify([type]) {
    const of = eveClass(type)
    if (!of) return undefined
    return {
      ...of,
      fields: {
        'source.ip': ['src_ip', ...EVE_ENDS.src_ip],
        'source.port': ['src_port', ...EVE_ENDS.src_port],
        'destination.ip': ['dest_ip', ...EVE_ENDS.dest_ip],
        'destination.port': ['dest_port', ...EVE_ENDS.dest_port],
        'dns.question.name': 'query',
        'url.original': 'c-uri',
        'url.domain': 'cs-host',
        'user_agent.original': 'c-useragent',
        'http.request.method': 'cs-method',
      },
      names(place) {
        if (!place.startsWith(EVE)) return []
        const own = place.slice(EVE.length)
        const named = of.fields?.[own] ?? []
        return [own, ...(typeof named === 'string' ? [named] : named)]
      },
    }
  },
  time: ['@timestamp'],
  host: ['destination.ip'],
  recordId: [],
}
