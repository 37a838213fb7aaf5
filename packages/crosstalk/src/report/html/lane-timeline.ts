// What happened: the entries of a timeline as marks on one lane a host (or a case), over one axis of time.
import { hostName } from '../host-names.ts'
import { clockOf, dateOf } from '../quantities.ts'
import { shortened, visibleText } from '../visible-text.ts'
import { type CaseView, cites, left, part, prose } from './case-view.ts'
import { html, type Markup } from './markup.ts'
import { type TimeAxis, timeAxis } from './time-axis.ts'

export interface Lane {
  label: string
  href?: string
  marks: { time: string; title: string; href?: string; kind: string }[]
}

const WIDTH = 1080
const LABELS = 150
const LANE = 30
const TOP = 8
const AXIS = 38
/** marks closer than this move to another row of their lane, and where all rows are full they become one mark with a number */
const APART = 9
const ROWS = [0, -8, 8]

/** The picture of the lanes; undefined when nothing has a time. */
export function lanePicture(lanes: readonly Lane[], label: string): Markup | undefined {
  const axis = timeAxis(
    lanes.flatMap((lane) => lane.marks.map((mark) => Date.parse(mark.time))),
    LABELS,
    WIDTH - LABELS - 10,
  )
  if (!axis) return undefined
  const height = TOP + lanes.length * LANE + AXIS
  return html`<div class="scroll picture"><svg class="lanes" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="group" aria-label="${label}">
${grid(axis, TOP + lanes.length * LANE)}
${lanes.map((lane, at) => laneRow(lane, TOP + at * LANE, axis))}
</svg></div>`
}

function grid(axis: TimeAxis, bottom: number): Markup {
  return html`${axis.segments.map(({ x, width }) => html`<rect class="segment" x="${x.toFixed(1)}" y="${TOP}" width="${width.toFixed(1)}" height="${bottom - TOP}"/>`)}
${axis.ticks.map(tick(bottom))}
${axis.cuts.map(({ x, label }) => html`<text class="cut" x="${x.toFixed(1)}" y="${TOP + (bottom - TOP) / 2 + 4}">${label}</text>`)}`
}

/** A line and its label; labels near the right edge stand left of their line. */
function tick(bottom: number) {
  return ({ x, label, date, before }: TimeAxis['ticks'][number]) => {
    const side = before ? 'tick-label before' : 'tick-label'
    const at = x.toFixed(1)
    return html`<path class="tick" d="M${at} ${TOP}V${bottom + 4}"/><text class="${side}" x="${at}" y="${bottom + 17}">${label}</text>${date ? html`<text class="${side} date" x="${at}" y="${bottom + 31}">${date}</text>` : undefined}`
  }
}

function laneRow(lane: Lane, top: number, axis: TimeAxis): Markup {
  const middle = top + LANE / 2
  const name = html`<text class="lane-label" x="0" y="${middle + 4}">${clipped(lane.label)}<title>${lane.label}</title></text>`
  return html`<path class="lane" d="M${LABELS} ${middle}H${WIDTH - 10}"/>${lane.href ? html`<a href="${lane.href}">${name}</a>` : name}
${placed(lane, axis).map(({ x, row, count, mark }) => {
  const dot = html`<circle class="mark ${mark.kind}" cx="${x.toFixed(1)}" cy="${middle + row}" r="${count > 1 ? 6 : 4}"><title>${shortened(mark.title, 300)}${count > 1 ? ` and ${count - 1} more` : undefined}</title></circle>`
  return mark.href ? html`<a href="${mark.href}" tabindex="-1">${dot}</a>` : dot
})}
`
}

function placed(lane: Lane, axis: TimeAxis) {
  const marks = lane.marks
    .map((mark) => ({ mark, x: axis.x(Date.parse(mark.time)) }))
    .filter(({ x }) => Number.isFinite(x))
    .sort((a, b) => a.x - b.x)
  const last = ROWS.map(() => Number.NEGATIVE_INFINITY)
  const dots: { x: number; row: number; count: number; mark: Lane['marks'][number] }[] = []
  for (const { mark, x } of marks) {
    const row = last.findIndex((before) => x - before >= APART)
    if (row < 0) {
      dots.at(-1)!.count++
      continue
    }
    last[row] = x
    dots.push({ x, row: ROWS[row], count: 1, mark })
  }
  return dots
}

function clipped(text: string): string {
  const visible = visibleText(text)
  return visible.length > 20 ? `${visible.slice(0, 19)}…` : visible
}

export function timelinePart(view: CaseView): Markup | undefined {
  const { story, limits } = view
  if (!story.timeline.length) return undefined
  const entries = story.timeline
    .slice(0, limits.timeline)
    .map((entry) => ({ ...entry, host: hostName(story, entry.host) }))
  const hosts = [...new Set(entries.map((entry) => entry.host))]
  const lanes = hosts.slice(0, 12).map((host) => ({
    label: host,
    marks: entries.flatMap((entry, at) =>
      entry.host === host
        ? [
            {
              time: entry.time,
              title: `${clockOf(entry.time)} ${entry.text}`,
              href: `#${view.anchor}-t${at + 1}`,
              kind: story.level,
            },
          ]
        : [],
    ),
  }))
  let day = ''
  const rows = entries.map((entry, at) => {
    const date = dateOf(entry.time)
    const newDay = date !== day
    day = date
    return html`${
      newDay
        ? html`<tr class="day"><th colspan="4" scope="rowgroup">${date} <small>UTC</small></th></tr>
`
        : undefined
    }<tr id="${view.anchor}-t${at + 1}"><td class="time">${clockOf(entry.time)}</td><td class="host-name">${entry.host}</td><td>${prose(view, shortened(entry.text, 1200))}</td><td>${cites(view, entry.evidence)}</td></tr>
`
  })
  return part(
    view,
    'timeline',
    'What happened',
    html`${lanePicture(lanes, `Timeline of ${entries.length} entries on ${hosts.length} hosts; the table below says the same.`)}
${left(hosts.length, 12, 'hosts', 'the table below')}
<div class="scroll"><table class="rows timeline"><thead class="unseen"><tr><th scope="col">Time</th><th scope="col">Host</th><th scope="col">What</th><th scope="col">Evidence</th></tr></thead>
<tbody>${rows}</tbody></table></div>
${left(story.timeline.length, limits.timeline, 'entries')}`,
    `${story.timeline.length} ${story.timeline.length === 1 ? 'entry' : 'entries'}`,
  )
}
