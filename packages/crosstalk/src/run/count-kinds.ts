// The stage of `coverage`: which kinds of events an input has, from which hosts, how many and from when to when.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import type { Batch, InputName, KindCount } from './stage.ts'
import type { EventTaker } from './taker.ts'

/** Fields that some settings leave empty in every event: they count where one of them says something ("Include command line in process creation events"). */
const WATCHED = ['CommandLine'] as const

/** Handed on, and begun anew, when an input has more kinds than this. */
const MAX_KINDS = 5000
/** The same, when its times lie on more days than this, all kinds together. */
const MAX_DAYS = 20_000
const DAY = 86_400_000_000

interface Kind extends Omit<KindCount, 'days'> {
  days: Set<number>
  /** the last event's, which is the next one's as a rule */
  day: number

  /** slots of watched fields that said nothing yet */
  empty: Map<number, string>
}

export function countKinds(input: InputName, emit: (batch: Batch) => void): EventTaker {
  let byShape = new Map<SourceShape, Map<string, Kind>>()
  let count = 0
  let days = 0
  const begin = (event: SourceEvent): Kind => {
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
      days: new Set(),
      day: Number.NaN,
      empty: new Map(WATCHED.map((name) => [shape.slot(name), name] as const).filter(([slot]) => slot >= 0)),
    }
  }
  return {
    take(event) {
      let hosts = byShape.get(event.shape)
      if (!hosts) byShape.set(event.shape, (hosts = new Map()))
      let kind = hosts.get(event.host)
      if (!kind) hosts.set(event.host, (kind = begin(event)))
      kind.count++
      for (const slot of kind.empty.keys()) if (says(event.text(slot))) kind.empty.delete(slot)
      const { time } = event
      if (!(kind.first <= time)) kind.first = time
      if (!(kind.last >= time)) kind.last = time
      const day = Math.floor(time / DAY)
      if (day !== kind.day && !Number.isNaN(day)) {
        kind.day = day
        if (!kind.days.has(day)) days++
        kind.days.add(day)
      }
    },
    isFull: () => count >= MAX_KINDS || days >= MAX_DAYS,
    flush() {
      const kinds = [...byShape.values()].flatMap((hosts) => [...hosts.values()].map(finish))
      if (kinds.length) emit({ input, kinds })
      byShape = new Map()
      count = 0
      days = 0
    },
  }
}

const says = (text: string | undefined) => text !== undefined && text !== '' && text !== '-'

/** Without the fields that were empty in all of them. */
function finish({ empty, day: _, days, fields, ...kind }: Kind): KindCount {
  const nothing = new Set(empty.values())
  return { ...kind, fields: fields.filter((name) => !nothing.has(name)), days: [...days] }
}
