// How times, accounts and clocks are written in a case.
import type { ClockSkew } from '../graph/graph.ts'

export const accountText = (account: { name?: string; domain?: string; sid?: string }) =>
  account.name
    ? account.domain && account.domain !== '-'
      ? `${account.domain}\\${account.name}`
      : account.name
    : (account.sid ?? '')

/** µs since 1970 as ISO 8601 UTC with milliseconds (µs where there are any); '' for no time. */
export function isoTime(time: number): string {
  if (!Number.isFinite(time)) return ''
  const text = new Date(Math.floor(time / 1000)).toISOString()
  const micros = Math.round(time % 1000)
  return micros ? `${text.slice(0, -1)}${String(micros).padStart(3, '0')}Z` : text
}

/** `2020-09-18 17:08:35 UTC` for sentences. */
export const clockTime = (time: number) =>
  Number.isFinite(time)
    ? `${new Date(Math.floor(time / 1000)).toISOString().slice(0, 19).replace('T', ' ')} UTC`
    : 'a time that was not recorded'

/** How far two clocks are apart, and what that rests on. */
export function skewText({ host, other, ahead, spread, connections, logons }: ClockSkew): string {
  const seen = [
    connections && `${connections} ${connections === 1 ? 'connection' : 'connections'} that both saw`,
    logons && `${logons} network ${logons === 1 ? 'logon' : 'logons'} and the caller’s connection`,
  ].filter(Boolean)
  const name = host.charAt(0).toUpperCase() + host.slice(1)
  const quarters = Math.round(ahead / QUARTER)
  const isZone = quarters > 0 && Math.abs(ahead - quarters * QUARTER) < 60
  return `${name}’s clock is ${spanText(ahead)} ahead of ${other}’s (median of ${seen.join(' and ')}; half within ${spanText(spread)} of it).${isZone ? ' That is near a whole quarter of an hour: the time zone of one of them may be wrong (--tz).' : ''}`
}

const QUARTER = 900

/** `0.25 s`, `12.3 s`, `4 min 5 s`, `2 h 0 min` */
function spanText(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
