// For tests of sources: reads bytes as one input and keeps what came out.
import type { SourceEvent } from '../events/event.ts'
import { fromMemory } from './containers/read-bytes.ts'
import type { ByteRange, ReadOptions, Skip, Source } from './source.ts'

/** What an event said while it was under the cursor. */
export interface ReadEvent {
  time: string
  host: string
  recordId: number
  channel: string
  eventId: number | string
  provider: string
  /** services and categories, each once */
  logSources: string
  offset: number
  length: number
  /** fields by name, as text; only those that are there */
  fields: Record<string, string>
  /** the value of a field by any of its names, as text; constants too */
  field(name: string): string | undefined
  json: string
}

export interface Reading {
  events: ReadEvent[]
  skips: Skip[]
}

export async function readAll(
  source: Source,
  content: string | Buffer,
  options: ReadOptions & { range?: ByteRange; name?: string } = {},
): Promise<Reading> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const reading: Reading = { events: [], skips: [] }
  await source.read(
    fromMemory(options.name ?? 'memory', bytes),
    options.range,
    options,
    (event) => reading.events.push(keep(event)),
    (skip) => reading.skips.push(skip),
  )
  return reading
}

function keep(event: SourceEvent): ReadEvent {
  const { shape } = event
  const fields: Record<string, string> = {}
  const names = new Map<string, string>()
  shape.fields.forEach((name, slot) => {
    const text = event.text(slot)
    if (text === undefined) return
    fields[name] = text
    if (!names.has(name)) names.set(name, text)
  })
  for (const [alias, slot] of shape.aliases) {
    const text = event.text(slot)
    if (text !== undefined && !names.has(alias)) names.set(alias, text)
  }
  const sources = shape.logSources.flatMap(
    ({ category, service, product }) => [category, service].filter(Boolean).join('/') || product,
  )
  return {
    time: Number.isNaN(event.time) ? 'none' : isoMicroseconds(event.time),
    host: event.host,
    recordId: event.recordId,
    channel: shape.channel,
    eventId: shape.eventId,
    provider: shape.provider,
    logSources: sources.join(' '),
    offset: event.offset,
    length: event.length,
    fields,
    field: (name) => names.get(name) ?? shape.constant(name),
    json: event.toJson(),
  }
}

/** Microseconds since 1970 as ISO 8601. */
export function isoMicroseconds(time: number): string {
  const millis = Math.floor(time / 1000)
  return `${new Date(millis).toISOString().slice(0, -1)}${String(time - millis * 1000).padStart(3, '0')}Z`
}
