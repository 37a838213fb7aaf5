// Coverage as a person reads it: who reports what, what that shows, what is blind and the setting for it.
import type { CoverageReport, PatternCoverage } from '../../coverage/assess.ts'
import { SETTINGS, volumeText } from '../../coverage/configure.ts'
import { DATA_SOURCES } from '../../coverage/requirements.ts'
import { style } from '../terminal/style.ts'
import { visibleText } from '../visible-text.ts'

export interface Look {
  columns: number
  color: boolean
}

/** Channels of a host that are listed; the rest are counted. */
const MAX_CHANNELS = 12
const MAX_HOSTS = 40
/** Event ids of a channel that are listed, the most frequent first. */
const MAX_KINDS = 6
const MAX_LACKING = 6

export function renderCoverage(report: CoverageReport, { columns, color }: Look): string {
  const look = style(color)
  const width = Math.max(60, Math.min(columns, 120))
  const lines: string[] = []
  const add = (text: string, indent = 0) => lines.push(...folded(text, width, indent))
  lines.push(look.heading('Who reports'), '')
  for (const host of report.hosts.slice(0, MAX_HOSTS)) {
    add(
      `${look.bold(visibleText(host.host || '(no host name)'))}  ${host.platform}, ${count(host.events)}, ${span(host.first, host.last)}${tellsOfADay(host) ? '' : '; too short, or too few, to tell events a day'}`,
      2,
    )
    for (const channel of [...host.channels].sort((a, b) => b.count - a.count).slice(0, MAX_CHANNELS))
      add(
        `${visibleText(channel.channel)}  ${count(channel.count)}${rate(channel.perDay)}${kindsText(report, host.host, channel.channel)}`,
        4,
      )
    if (host.channels.length > MAX_CHANNELS) add(`and ${host.channels.length - MAX_CHANNELS} more channels`, 4)
  }
  if (report.hosts.length > MAX_HOSTS) add(`and ${report.hosts.length - MAX_HOSTS} more hosts`, 2)
  if (!report.hosts.length) add('Nothing: no event was read.', 2)
  lines.push('', look.heading('What of T1559 that shows'), '')
  for (const pattern of report.patterns) add(patternLine(pattern, look), 2)
  add(`Rules: ${report.rules.fed} fed, ${report.rules.blind.length} blind.`, 2)
  if (report.silences.length) {
    lines.push('', look.heading('Fell silent'), '')
    for (const one of report.silences)
      add(
        `${visibleText(one.host)}: ${visibleText(one.channel)} stopped at ${iso(one.last)}; the host reported until ${iso(one.hostLast)}.`,
        2,
      )
  }
  lines.push('', look.heading('What is missing, and how to turn it on'), '')
  const missing = report.sources.filter((one) => one.missing.length)
  for (const { source, missing: hosts, lacking, expected } of missing) {
    add(
      `${look.bold(source.title)} — ${hosts.length > 6 ? `${hosts.length} hosts` : hosts.map(visibleText).join(', ')}`,
      2,
    )
    for (const { host, field, count: events } of lacking.slice(0, MAX_LACKING))
      add(`${visibleText(host)} reports it without ${field} (${count(events)}).`, 4)
    add(source.setting, 4)
    for (const setting of ['sysmon', 'commands', 'auditd', 'eslogger'] as const)
      if (source[setting] && expected[setting]) add(`${SETTINGS[setting]}: ${volumeText(expected[setting])}.`, 4)
    for (const command of source.commands ?? source.auditd ?? []) add(command, 6)
  }
  if (!missing.length) add('Nothing that an analytic asks for.', 2)
  return `${lines.join('\n')}\n`
}

const tellsOfADay = ({ channels }: CoverageReport['hosts'][number]) => channels.some((one) => one.perDay !== undefined)

function patternLine(pattern: PatternCoverage, look: ReturnType<typeof style>): string {
  const word = { fed: look.good('fed    '), partial: look.warn('partial'), blind: look.level('high', 'blind  ') }[
    pattern.status
  ]
  const titles = pattern.missing.map((id) => DATA_SOURCES.find((one) => one.id === id)?.title ?? id)
  const lacks = titles.length
    ? ` — ${pattern.status === 'blind' ? 'needs one of' : 'stronger with'}: ${titles.join('; ')}`
    : ''
  return `${word}  ${pattern.technique} ${pattern.analytic}/${pattern.pattern}${lacks}`
}

const rate = (perDay: number | undefined) => (perDay === undefined ? '' : `, ${perDay.toLocaleString('en')} a day`)

/** The kinds of events of a channel and how many a day they are, where the telemetry tells. */
function kindsText({ entries }: CoverageReport, host: string, channel: string): string {
  const kinds = entries
    .filter((one) => one.host === host && one.channel === channel && one.perDay !== undefined)
    .sort((a, b) => b.count - a.count)
  if (kinds.length < 2) return ''
  const told = kinds
    .slice(0, MAX_KINDS)
    .map((one) => `${visibleText(String(one.eventId))}: ${one.perDay!.toLocaleString('en')}`)
  const more = kinds.length > MAX_KINDS ? `, and ${kinds.length - MAX_KINDS} more kinds` : ''
  return ` (${told.join(', ')}${more})`
}

const count = (events: number) => `${events.toLocaleString('en')} event${events === 1 ? '' : 's'}`
const iso = (time: number) =>
  Number.isFinite(time) ? new Date(time / 1000).toISOString().slice(0, 19).replace('T', ' ') : 'an unknown time'
const span = (first: number, last: number) => `${iso(first)} – ${iso(last)} UTC`

/** Words of a text in lines of a width; later lines stand two further in. */
function folded(text: string, width: number, indent: number): string[] {
  const lines: string[] = []
  let line = ' '.repeat(indent)
  for (const word of text.split(' ')) {
    if (line.trim() && plainLength(line) + plainLength(word) + 1 > width) {
      lines.push(line)
      line = ' '.repeat(indent + 2)
    }
    line += line.trim() ? ` ${word}` : word
  }
  lines.push(line)
  return lines
}

const plainLength = (text: string) => text.replace(/\u001b\[[0-9;]*m/g, '').length
