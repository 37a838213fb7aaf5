// The account of the run: what was read, what was not and why.

import type { RunSummary } from '../../run/account.ts'
import { byteSize, counted, duration, grouped, seconds } from '../quantities.ts'
import { LEVELS } from '../report.ts'
import { unreadFiles } from '../unread-files.ts'
import { left } from './case-view.ts'
import { type Hole, html, type Markup } from './markup.ts'

const MOST = 60

export function accountSection(summary: RunSummary): Markup {
  const { files, bytes, events, rules, matches, time, problems, skipped } = summary.account
  const formats = Object.entries(events.byFormat).map(([format, count]) => `${format} ${grouped(count)}`)
  const levels = LEVELS.filter((level) => matches.byLevel[level]).map(
    (level) => `${grouped(matches.byLevel[level])} ${level}`,
  )
  const cells: [string, string, Hole][] = [
    [
      'Files',
      `${grouped(files.read)} of ${grouped(files.total)}`,
      lost({ 'of no known format': files.unrecognised, unreadable: files.unreadable, empty: files.empty }),
    ],
    [
      'Bytes',
      byteSize(bytes.read),
      bytes.skipped ? `${byteSize(bytes.skipped)} skipped` : `of ${byteSize(bytes.total)}`,
    ],
    [
      'Events',
      grouped(events.read),
      [formats.join(', '), lost({ skipped: events.skipped, 'outside the time asked for': events.outsideTime }, ', ')],
    ],
    [
      'Rules',
      grouped(rules.loaded),
      [
        `${grouped(rules.refused.length)} refused`,
        Object.entries(rules.other).map(([kind, count]) => `, ${grouped(count)} ${kind}`),
      ],
    ],
    ['Matches', grouped(matches.total), levels.join(', ')],
    [
      'Time',
      seconds(time.total),
      `rules ${seconds(time.rules)}, reading ${seconds(time.read)}, judging ${seconds(time.judge)}`,
    ],
  ]
  return html`<section class="part account" id="account"><h2>Account of the run</h2>
<dl class="cells">${cells.map(([label, value, note]) => html`<div><dt>${label}</dt><dd><b>${value}</b><span class="note">${note}</span></dd></div>`)}</dl>
<p class="arguments"><code>crosstalk ${summary.arguments.join(' ')}</code></p>
${table(
  'Not read',
  ['Why', 'Files', 'Which, for example'],
  unreadFiles(problems).map(({ reason, count, files }) => [
    reason,
    grouped(count),
    html`<code>${files.join(', ')}</code>`,
  ]),
)}
${table(
  'Skipped',
  ['Why', 'Times', 'Bytes', 'Where, for example'],
  skipped.map(({ reason, count, bytes, examples }) => [
    reason,
    grouped(count),
    byteSize(bytes),
    html`<code>${examples.slice(0, 3).join(', ')}</code>`,
  ]),
)}
${table(
  'Rules refused',
  ['Where', 'Why'],
  rules.refused.map(({ file, line, column, reason }) => [html`<code>${file}:${line}:${column}</code>`, reason]),
)}
${table(
  'Clocks compared',
  ['Host', 'Clock ahead of', 'By', 'Half within', 'Connections that both saw', 'Logons with the caller’s connection'],
  summary.clocks.map(({ host, other, ahead, spread, connections, logons }) => [
    host,
    other,
    duration(ahead * 1000),
    duration(spread * 1000),
    grouped(connections),
    grouped(logons),
  ]),
)}
${table(
  'Bounds hit',
  ['What was forgotten'],
  summary.bounds.map((bound) => [bound]),
)}
<p class="tool">${summary.tool.name} ${summary.tool.version}</p>
</section>`
}

function lost(counts: Record<string, number>, before = ''): string {
  const parts = Object.entries(counts).flatMap(([what, count]) => (count ? [`${grouped(count)} ${what}`] : []))
  return parts.length ? before + parts.join(', ') : ''
}

function table(title: string, columns: readonly string[], rows: readonly (readonly Hole[])[]): Markup | undefined {
  if (!rows.length) return undefined
  return html`<details class="losses"${rows.length <= 12 ? html` open` : undefined}><summary><h3>${title} <small>${counted(rows.length, 'line')}</small></h3></summary>
<div class="scroll"><table class="rows"><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.slice(0, MOST).map(
    (cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
  )}</tbody></table></div>${left(rows.length, MOST, 'lines', 'summary.json')}</details>`
}
