// Coverage as one page that opens offline and runs no script: who reports how much, what of T1559 that shows, what is missing and what it would bring.
import { createHash } from 'node:crypto'
import type { CoverageReport, SourceCoverage } from '../../coverage/assess.ts'
import { SETTINGS, volumeText } from '../../coverage/configure.ts'
import { html, type Markup, rawElement } from '../html/markup.ts'
import { STYLE } from '../html/style.ts'
import { grouped } from '../quantities.ts'

/** Nothing but the style may act; nothing may be loaded, sent or framed (CSP level 3). */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`

/** Kinds of events that a page lists; the rest are counted. All are in the JSON. */
const MOST_KINDS = 2000

export function coverageHtml(report: CoverageReport): string {
  const kinds = report.entries.slice(0, MOST_KINDS)
  const rows = kinds.map(
    (one) =>
      html`<tr><td>${one.host || '(no host name)'}</td><td>${one.channel}</td><td>${one.eventId}</td><td>${grouped(one.count)}</td><td>${rate(one.perDay)}</td><td>${time(one.first)}</td><td>${time(one.last)}</td></tr>
`,
  )
  const page = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Crosstalk: coverage of T1559</title>
${rawElement('style', STYLE)}
</head>
<body>
<main>
<h1>What this telemetry can show</h1>
${section(
  'Patterns',
  ['Pattern', 'Technique', 'Status', 'Missing'],
  report.patterns.map(({ analytic, pattern, technique, status, missing }) =>
    row(`${analytic}/${pattern}`, technique, status, missing.join(', ')),
  ),
)}
${section(
  'Fell silent',
  ['Host', 'Channel', 'Stopped', 'Host reported until'],
  report.silences.map((one) => row(one.host, one.channel, time(one.last), time(one.hostLast))),
)}
${section('Missing', ['What', 'Hosts', 'Setting', 'It would bring'], report.sources.filter((one) => one.missing.length).map(missingRow))}
${section('Events', ['Host', 'Channel', 'Event', 'Count', 'A day', 'First (UTC)', 'Last (UTC)'], rows)}
${kinds.some((one) => one.perDay === undefined) && html`<p>–: less than an hour, or fewer than ten events, of the channel: too little to tell of a day</p>`}
${report.entries.length > kinds.length && html`<p>and ${grouped(report.entries.length - kinds.length)} more kinds of events</p>`}
</main>
</body>
</html>
`
  return `<!doctype html>\n${page.markup}`
}

const row = (...cells: string[]): Markup => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`

const section = (title: string, columns: readonly string[], rows: readonly Markup[]): Markup | undefined =>
  rows.length
    ? html`<section class="part"><h2>${title}</h2>
<table class="rows"><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></section>`
    : undefined

function missingRow({ source, missing, lacking, expected }: SourceCoverage): Markup {
  const without = lacking.map(({ host, field, count }) => `${host} reports ${grouped(count)} events without ${field}`)
  const brings = (['sysmon', 'commands', 'auditd', 'eslogger'] as const)
    .filter((setting) => expected[setting])
    .map((setting) => `${SETTINGS[setting]}: ${volumeText(expected[setting])}`)
  return row(
    source.title,
    missing.length > 12 ? `${grouped(missing.length)} hosts` : missing.join(', '),
    [source.setting, ...without].join(' '),
    brings.join('; ') || 'this telemetry does not tell',
  )
}

const rate = (perDay: number | undefined) => (perDay === undefined ? '–' : perDay.toLocaleString('en'))
const time = (micros: number) =>
  Number.isFinite(micros) ? new Date(Math.floor(micros / 1000)).toISOString().slice(0, 19).replace('T', ' ') : ''
