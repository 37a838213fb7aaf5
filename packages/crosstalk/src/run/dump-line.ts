// How a line of `dump` begins: where the event lies and when it was, then the event itself as its source writes it.
import type { SourceEvent } from '../events/event.ts'

/** Makes `{"file":…,"offset":…,"length":…,"recordId":…,"time":…,"event":` for the events of one input. */
export function lineHead(file: string): (event: SourceEvent) => string {
  const start = `{"file":${JSON.stringify(file)},"offset":`
  return (event) =>
    `${start}${event.offset},"length":${event.length},"recordId":${event.recordId},"time":${timeJson(event.time)},"event":`
}

let lastSecond = Number.NaN
let lastText = ''

/** ISO 8601 UTC with the microseconds that are known, in quotes; `null` where there is no time. */
export function timeJson(microseconds: number): string {
  const text = isoMicroseconds(microseconds)
  return text === '' ? 'null' : `"${text}"`
}

/** `2019-05-14T01:29:04.306Z`, six digits where three do not say it all; '' where there is no time or none that a date can hold. */
export function isoMicroseconds(microseconds: number): string {
  const second = Math.floor(microseconds / 1_000_000)
  // Events come in the order of their time: the date of a second is made once.
  if (second !== lastSecond) {
    if (!(Math.abs(second) <= 8_640_000_000_000)) return ''
    lastSecond = second
    lastText = new Date(second * 1000).toISOString().slice(0, -4)
  }
  const rest = Math.floor(microseconds - second * 1_000_000)
  const thousandths = rest % 1000 === 0
  return thousandths
    ? `${lastText}${String(rest / 1000).padStart(3, '0')}Z`
    : `${lastText}${String(rest).padStart(6, '0')}Z`
}
