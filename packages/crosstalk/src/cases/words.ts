// How times and accounts are written in a case.
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
