// A time axis on which both a second and a week can be read: long silences are cut out, and the cut says how long it is.
import { clockOf, dateOf, duration } from '../quantities.ts'

export interface AxisSegment {
  /** milliseconds since 1970 */
  readonly from: number
  readonly to: number
  readonly x: number
  readonly width: number
}

export interface Tick {
  x: number
  label: string
  date?: string
  before: boolean
}

export interface TimeAxis {
  readonly segments: readonly AxisSegment[]
  /** between segments: the middle of the cut and how much time it leaves out */
  readonly cuts: readonly { x: number; label: string }[]
  /** in the order of x; `before`: its label stands left of it */
  readonly ticks: readonly Tick[]
  /** the place of a moment (milliseconds); moments inside a cut are placed at its edge */
  x(time: number): number
}

/** A silence is cut out when it is so many times as long as three in four silences are, and at least this part of the time drawn. */
const LONG_SILENCE = { times: 25, part: 0.08 }
const MOST_SEGMENTS = 8
const CUT_WIDTH = 60
const LEAST_WIDTH = 30
const TICK_DISTANCE = 84
/** `14:02:10.870` in the small type of the axis */
const LABEL_WIDTH = 78

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((step) => step * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((step) => step * MINUTE),
  ...[1, 2, 3, 6, 12].map((step) => step * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365, 1000, 5000].map((step) => step * DAY),
]

/** An axis over the moments (milliseconds, any order) from `left` on, `width` wide; undefined when there is no moment. */
export function timeAxis(moments: readonly number[], left: number, width: number): TimeAxis | undefined {
  const times = [...new Set(moments.filter(Number.isFinite))].sort((a, b) => a - b)
  if (!times.length) return undefined
  const pieces = cutAtSilences(times)
  const room = width - CUT_WIDTH * (pieces.length - 1) - LEAST_WIDTH * pieces.length
  const active = pieces.reduce((sum, piece) => sum + (piece.at(-1)! - piece[0]), 0)
  let x = left
  const segments = pieces.map((piece) => {
    const share = active ? (piece.at(-1)! - piece[0]) / active : 1 / pieces.length
    // Half by time, half by how much happens: a busy second is as wide as a quiet hour.
    const own = LEAST_WIDTH + room * (share / 2 + piece.length / times.length / 2)
    const segment = { from: piece[0], to: piece.at(-1)!, x, width: own }
    x += own + CUT_WIDTH
    return segment
  })
  const cuts = segments.slice(1).map((segment, at) => ({
    x: segment.x - CUT_WIDTH / 2,
    label: duration(segment.from - segments[at].to),
  }))
  return { segments, cuts, ticks: apart(segments.map(ticksOf), left + width), x: (time) => placeOf(segments, time) }
}

function cutAtSilences(times: readonly number[]): number[][] {
  const pieces = [[...times]]
  const silences = times.slice(1).map((time, at) => time - times[at])
  const usual = silences.sort((a, b) => a - b)[Math.floor((silences.length - 1) * 0.75)] ?? 0
  while (pieces.length < MOST_SEGMENTS) {
    const active = pieces.reduce((sum, piece) => sum + (piece.at(-1)! - piece[0]), 0)
    let longest = { silence: 0, piece: -1, at: -1 }
    pieces.forEach((piece, index) => {
      for (let at = 1; at < piece.length; at++) {
        const silence = piece[at] - piece[at - 1]
        if (silence > longest.silence) longest = { silence, piece: index, at }
      }
    })
    if (longest.silence <= Math.max(active * LONG_SILENCE.part, usual * LONG_SILENCE.times)) break
    const whole = pieces[longest.piece]
    pieces.splice(longest.piece, 1, whole.slice(0, longest.at), whole.slice(longest.at))
  }
  return pieces
}

function placeOf(segments: readonly AxisSegment[], time: number): number {
  const at = segments.findLastIndex((segment) => segment.from <= time)
  const segment = segments[Math.max(0, at)]
  const length = segment.to - segment.from
  // A moment alone stands in the middle of its segment; the ends of longer ones keep clear of the edge.
  if (!length) return segment.x + segment.width / 2
  const inset = Math.min(8, segment.width / 4)
  const part = Math.min(1, Math.max(0, (time - segment.from) / length))
  return segment.x + inset + part * (segment.width - 2 * inset)
}

/** The first is the segment's beginning. */
function ticksOf(segment: AxisSegment): Omit<Tick, 'before'>[] {
  const length = segment.to - segment.from
  const step =
    STEPS.find((candidate) => (candidate / length) * segment.width >= TICK_DISTANCE) ?? Number.POSITIVE_INFINITY
  const ticks: Omit<Tick, 'before'>[] = [
    {
      x: placeOf([segment], segment.from),
      label: labelOf(segment.from, length ? step : 1),
      date: dateOf(iso(segment.from)),
    },
  ]
  if (!length) return ticks
  let day = dateOf(iso(segment.from))
  for (let time = Math.ceil(segment.from / step) * step; time <= segment.to; time += step) {
    const x = placeOf([segment], time)
    if (x - ticks.at(-1)!.x < TICK_DISTANCE * 0.9) continue
    const date = dateOf(iso(time))
    ticks.push({ x, label: labelOf(time, step), ...(date === day ? {} : { date }) })
    day = date
  }
  return ticks
}

/** Labels that would run into another are left out; the beginnings of segments have the right of way. */
function apart(segments: readonly (readonly Omit<Tick, 'before'>[])[], right: number): Tick[] {
  const taken: [number, number][] = []
  const placed: Tick[] = []
  const place = (tick: Omit<Tick, 'before'>) => {
    const before = tick.x > right - LABEL_WIDTH
    const [from, to] = before ? [tick.x - LABEL_WIDTH, tick.x] : [tick.x, tick.x + LABEL_WIDTH]
    if (taken.some(([start, end]) => from < end && to > start)) return
    taken.push([from, to])
    placed.push({ ...tick, before })
  }
  for (const [first] of segments) place(first)
  for (const [, ...others] of segments) others.forEach(place)
  return placed.sort((a, b) => a.x - b.x)
}

function labelOf(time: number, step: number): string {
  const clock = clockOf(iso(time))
  return step < SECOND ? clock : step < MINUTE ? clock.slice(0, 8) : clock.slice(0, 5)
}

function iso(time: number): string {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}
