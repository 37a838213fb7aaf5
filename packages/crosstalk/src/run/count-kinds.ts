// The stage of `coverage`: which kinds of events an input has, from which hosts, how many and from when to when.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import type { EventTaker } from './event-taker.ts'
import type { Batch, InputName, KindCount } from './stage.ts'

/** Handed on, and begun anew, when an input has more kinds than this. */
const MAX_KINDS = 5000

export function countKinds(input: InputName, emit: (batch: Batch) => void): EventTaker {
  let byShape = new Map<SourceShape, Map<string, KindCount>>()
  let count = 0
  const begin = (event: SourceEvent): KindCount => {
    count++
    const { shape, host, time } = event
    const fields = [...new Set([...shape.fields, ...shape.aliases.keys()])].filter(Boolean)
    return {
      host,
      channel: shape.channel,
      eventId: shape.eventId,
      format: input.format,
      logSources: shape.logSources,
      fields,
      count: 0,
      first: time,
      last: time,
    }
  }
  return {
    take(event) {
      let hosts = byShape.get(event.shape)
      if (!hosts) byShape.set(event.shape, (hosts = new Map()))
      let kind = hosts.get(event.host)
      if (!kind) hosts.set(event.host, (kind = begin(event)))
      kind.count++
      const { time } = event
      if (!(kind.first <= time)) kind.first = time
      if (!(kind.last >= time)) kind.last = time
    },
    isFull: () => count >= MAX_KINDS,
    flush() {
      const kinds = [...byShape.values()].flatMap((hosts) => [...hosts.values()])
      if (kinds.length) emit({ input, kinds })
      byShape = new Map()
      count = 0
    },
  }
}
