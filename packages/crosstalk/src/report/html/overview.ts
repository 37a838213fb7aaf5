// The first screen: what was found, how bad it is, where and when; or, when there is no case, what was looked at.
import type { Case, Finding } from '../../cases/case.ts'
import type { RunSummary } from '../../run/account.ts'
import { counted, duration, grouped, momentOf, spanOf } from '../quantities.ts'
import { compareText, LEVELS, timeSpan } from '../report.ts'
import { left } from './case-view.ts'
import { gapList } from './investigation.ts'
import { type Lane, lanePicture } from './lane-timeline.ts'
import { html, type Markup } from './markup.ts'

const MOST = { lanes: 16, marks: 400, rows: 500, findings: 40, gaps: 40 }

export function overview(cases: readonly Case[], summary: RunSummary | undefined): Markup {
  // Of one case without a run there is nothing to say that the case does not.
  if (!summary && cases.length === 1) return html`<div id="overview"></div>`
  return html`<header class="masthead" id="overview">
${summary ? html`<p class="eyebrow">Hunt of ${momentOf(summary.started)}</p>` : undefined}
<h1>${headline(cases)}</h1>
<p class="lead">${lead(cases, summary)}</p>
</header>
${cases.length ? caseTable(cases) : undefined}
${overallTimeline(cases)}
`
}

/** What stands after the cases: what was not enough for one, and what could not be seen. */
export function afterword(
  cases: readonly Case[],
  findings: readonly Finding[],
  summary: RunSummary | undefined,
): Markup {
  const gaps = summary?.gaps ?? []
  return html`${belowTheBar(findings, cases.length > 0)}
${
  gaps.length
    ? html`<section class="part" id="unseen"><h2>What could not be seen</h2>${gapList(gaps.slice(0, MOST.gaps))}${left(gaps.length, MOST.gaps, 'gaps', 'summary.json')}</section>`
    : undefined
}
`
}

function headline(cases: readonly Case[]): string {
  if (!cases.length) return 'No case'
  const hosts = new Set(cases.flatMap((story) => story.hosts.map((host) => host.name))).size
  return `${counted(cases.length, 'case')} on ${counted(hosts, 'host')}`
}

function lead(cases: readonly Case[], summary: RunSummary | undefined): string {
  if (!summary) return told(cases)
  const { account, findings } = summary
  const looked = `${counted(account.events.read, 'event')} in ${counted(account.files.read, 'file')}`
  if (!cases.length) {
    if (!account.events.read) return 'No event was read: this says nothing about the hosts.'
    const found = findings.total
      ? `${counted(findings.total, 'finding')}, none with the independent support that a case needs`
      : 'nothing that any rule or analytic knows'
    return `Looked at ${looked} and found ${found}.`
  }
  return `${told(cases)}, from ${looked}.`
}

/** How many of which level, and when. */
function told(cases: readonly Case[]): string {
  const levels = LEVELS.map((level) => ({
    level,
    count: cases.filter((story) => story.level === level).length,
  })).filter(({ count }) => count)
  const spans = cases.map(timeSpan).filter(({ first }) => first)
  const first = spans.map((span) => span.first).sort(compareText)[0] ?? ''
  const last =
    spans
      .map((span) => span.last)
      .sort(compareText)
      .at(-1) ?? ''
  return `${levels.map(({ level, count }) => `${grouped(count)} ${level}`).join(', ')}. ${spanOf(first, last)}`
}

function caseTable(cases: readonly Case[]): Markup {
  const rows = cases.slice(0, MOST.rows).map((story, at) => {
    const { first, last } = timeSpan(story)
    const hosts = story.hosts.map((host) => host.name)
    const techniques = story.techniques.map((technique) => technique.id)
    return html`<tr><td><span class="badge ${story.level}">${story.level}</span></td><td class="confidence">${story.confidence}</td>
<td class="case-title"><a href="#c${at + 1}">${story.title}</a></td><td>${names(hosts, 3)}</td><td class="ids">${short(techniques, 3)}</td><td class="time">${momentOf(first).slice(0, 19)}</td><td class="time">${lasting(first, last)}</td></tr>
`
  })
  return html`<div class="scroll"><table class="rows cases"><thead><tr><th scope="col">Level</th><th scope="col"><abbr title="confidence, 0 to 100">Conf.</abbr></th><th scope="col">Case</th><th scope="col">Hosts</th><th scope="col">Techniques</th><th scope="col">Begins, UTC</th><th scope="col">Lasts</th></tr></thead>
<tbody>${rows}</tbody></table></div>
${left(cases.length, MOST.rows, 'cases', 'the folder “cases” beside this report')}`
}

/** Host names, none torn apart at a line end. */
function names(hosts: readonly string[], most: number): Markup {
  const shown = hosts
    .slice(0, most)
    .map((host, at) => html`${at ? ', ' : undefined}<span class="nowrap">${host}</span>`)
  return html`${shown}${hosts.length > most ? ` +${hosts.length - most}` : undefined}`
}

function lasting(first: string, last: string): string {
  const milliseconds = Date.parse(last) - Date.parse(first)
  return Number.isFinite(milliseconds) ? duration(milliseconds) : ''
}

function short(names: readonly string[], most: number): string {
  return names.slice(0, most).join(', ') + (names.length > most ? ` +${names.length - most}` : '')
}

function overallTimeline(cases: readonly Case[]): Markup | undefined {
  if (cases.length < 2) return undefined
  const lanes: Lane[] = cases.slice(0, MOST.lanes).map((story, at) => ({
    label: `${at + 1}  ${story.hosts.find((host) => host.role === 'target')?.name ?? story.hosts[0]?.name ?? ''}`,
    href: `#c${at + 1}`,
    marks: story.timeline.slice(0, MOST.marks).map((entry, index) => ({
      time: entry.time,
      title: `${entry.time} ${entry.host}: ${entry.text}`,
      href: `#c${at + 1}-t${index + 1}`,
      kind: story.level,
    })),
  }))
  const others = cases.slice(MOST.lanes)
  if (others.length)
    lanes.push({
      label: `the other ${others.length}`,
      marks: others.flatMap((story) =>
        story.timeline
          .slice(0, 1)
          .map((entry) => ({ time: entry.time, title: `${entry.time} ${story.title}`, kind: story.level })),
      ),
    })
  const picture = lanePicture(lanes, `When each of the ${cases.length} cases happened`)
  return (
    picture &&
    html`<section class="part" id="when"><h2>When <small>each mark is an entry of a case’s timeline, UTC</small></h2>${picture}</section>`
  )
}

function belowTheBar(findings: readonly Finding[], withCases: boolean): Markup | undefined {
  const groups = new Map<string, { title: string; level: Finding['level']; hosts: Set<string>; count: number }>()
  for (const finding of findings) {
    if (finding.case !== undefined) continue
    const key = `${finding.level}\0${finding.title}`
    const group = groups.get(key) ?? { title: finding.title, level: finding.level, hosts: new Set(), count: 0 }
    groups.set(key, group)
    group.count++
    if (finding.host) group.hosts.add(finding.host)
  }
  if (!groups.size) return undefined
  const sorted = [...groups.values()].sort(
    (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || b.count - a.count || compareText(a.title, b.title),
  )
  const table = html`<div class="scroll"><table class="rows"><thead><tr><th scope="col">Level</th><th scope="col">Finding</th><th scope="col">Hosts</th><th scope="col">Times</th></tr></thead>
<tbody>${sorted.slice(0, MOST.findings).map(
    ({
      title,
      level,
      hosts,
      count,
    }) => html`<tr><td><span class="badge ${level}">${level}</span></td><td>${title}</td><td>${names([...hosts], 4)}</td><td class="number">${grouped(count)}</td></tr>
`,
  )}</tbody></table></div>${left(sorted.length, MOST.findings, 'kinds', 'findings.jsonl')}`
  return html`<section class="part" id="below"><details${withCases ? undefined : html` open`}><summary><h2>Found, but not enough for a case <small>${counted(sorted.length, 'kind')}</small></h2></summary>${table}</details></section>`
}
