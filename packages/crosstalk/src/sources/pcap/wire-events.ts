// Makes events of what a capture shows, in the form of Zeek's logs: the same fields, the same log sources.
import type { FieldValue } from '@crosstalk/sigma'
import type { EventPointer, SourceEvent } from '../../events/event.ts'
import { RecordEvent } from '../../events/record-event.ts'
import { DecodedShapes, type NamedValue } from '../decoded-records.ts'
import { logSourcesOf, streamNamed } from '../zeek/streams.ts'
import { type Connection, connectionState } from './connections.ts'

export type Place = Omit<EventPointer, 'file'>

/** Fields of an event; those without a value are left out. */
export type WireFields = Readonly<Record<string, FieldValue | undefined>>

/** `time` in microseconds since 1970 UTC. */
export type EmitWire = (service: string, connection: Connection, place: Place, time: number, fields: WireFields) => void

const shapes = new DecodedShapes()

export function wireEvents(file: string, onEvent: (event: SourceEvent) => void): EmitWire {
  const event = new RecordEvent()
  return (service, connection, place, time, fields) => {
    const { uid, orig, resp } = connection
    const named: NamedValue[] = [
      ['ts', Number.isNaN(time) ? null : time / 1e6],
      ['uid', uid],
      ['id.orig_h', orig.address],
      ['id.orig_p', orig.port],
      ['id.resp_h', resp.address],
      ['id.resp_p', resp.port],
    ]
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) named.push([name, value])
    const stream = streamNamed(service) ?? { name: service }
    const parts = () => ({
      channel: `pcap ${service}`,
      eventId: service,
      provider: 'tshark',
      logSources: logSourcesOf(stream),
      constants: new Map([['_path', service]]),
      aliases: stream.aliases ?? {},
    })
    const host = stream.host === 'none' ? '' : stream.host === 'orig' ? orig.address : resp.address
    shapes.place(event, service, parts, named, { file, ...place }, time, host)
    onEvent(event)
  }
}

/** A conversation that has ended, as Zeek's conn tells it; at its first packet. */
export function emitConnection(connection: Connection, emit: EmitWire): void {
  const { orig, resp, protocol, start, last, services, encryptedSmb } = connection
  emit('conn', connection, connection.first, start, {
    proto: protocol,
    service: services.size ? [...services].sort().join(',') : undefined,
    duration: last > start ? (last - start) / 1e6 : undefined,
    orig_bytes: orig.payloadBytes,
    resp_bytes: resp.payloadBytes,
    conn_state: connectionState(connection),
    orig_pkts: orig.packets,
    orig_ip_bytes: orig.ipBytes,
    resp_pkts: resp.packets,
    resp_ip_bytes: resp.ipBytes,
  })
  if (encryptedSmb.packets > 0)
    emit('weird', connection, connection.first, start, {
      name: 'smb3_encrypted',
      addl: `${encryptedSmb.packets} packets begin with an encrypted message: which shares, files and pipes they are about cannot be seen`,
      notice: false,
    })
}
