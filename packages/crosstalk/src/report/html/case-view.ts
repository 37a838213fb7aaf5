// A case with the anchors that its page uses: every statement can be pointed at, and points at its evidence.
import type { Case } from '../../cases/case.ts'
import { evidenceLabels } from '../evidence-labels.ts'
import { processName } from '../quantities.ts'
import { shortened } from '../visible-text.ts'
import { type Hole, html, type Markup } from './markup.ts'

/** How many of each list a page holds; the rest is counted and stands in case.json. */
export interface Limits {
  timeline: number
  processes: number
  evidence: number
  rows: number
  /** characters of a command line before it is folded away, and in all */
  commandLine: number
  commandLineFolded: number
}

/** A page of many cases holds less of each, so that it opens quickly. */
export function limitsFor(cases: number): Limits {
  const few = cases <= 25
  return {
    timeline: few ? 500 : 100,
    processes: few ? 200 : 60,
    evidence: few ? 400 : 80,
    rows: few ? 100 : 30,
    commandLine: 360,
    commandLineFolded: few ? 8000 : 2000,
  }
}

export interface CaseView {
  readonly story: Case
  /** 1 is the first on the page */
  readonly number: number
  /** prefix of all anchors of the case */
  readonly anchor: string
  readonly limits: Limits
  /** evidence id → place in the case's evidence */
  readonly evidenceAt: ReadonlyMap<string, number>
  readonly labels: ReadonlyMap<string, string>
  readonly processAt: ReadonlyMap<string, number>
}

export function caseView(story: Case, number: number, limits: Limits): CaseView {
  return {
    story,
    number,
    anchor: `c${number}`,
    limits,
    evidenceAt: new Map(story.evidence.map(({ id }, at) => [id, at])),
    labels: evidenceLabels(story),
    processAt: new Map(story.processes.map(({ key }, at) => [key, at])),
  }
}

/** Links to pieces of evidence, as they stand behind a statement. */
export function cites(view: CaseView, ids: readonly string[], most = 6): Markup | undefined {
  if (!ids.length) return undefined
  const links = ids.slice(0, most).map((id) => {
    const at = view.evidenceAt.get(id)
    const label = view.labels.get(id) ?? id
    if (at === undefined || at >= view.limits.evidence) return html`<span class="cite">${label}</span>`
    const about = shortened(view.story.evidence[at].text ?? view.story.evidence[at].file, 300)
    return html`<a class="cite" href="#${view.anchor}-e${at + 1}" title="${about}">${label}</a>`
  })
  const more = ids.length > most ? html`<span class="cite">+${ids.length - most}</span>` : undefined
  return html`<span class="cites">${links}${more}</span>`
}

/** Text of a case in which the names of its hosts are not torn apart at line ends. */
export function prose(view: CaseView, text: string): Markup {
  const names = view.story.hosts
    .map((host) => host.name)
    .filter((name) => name.includes('-'))
    .sort((a, b) => b.length - a.length)
  if (!names.length) return html`${text}`
  const parts = text.split(new RegExp(`(${names.map(literal).join('|')})`))
  return html`${parts.map((piece, at) => (at % 2 ? html`<span class="nowrap">${piece}</span>` : piece))}`
}

/** The text as a pattern that matches only it. */
function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** A process by name, leading to its place in the tree. */
export function processLink(view: CaseView, key: string): Markup {
  const at = view.processAt.get(key)
  if (at === undefined) return html`<code>${shortened(key, 120)}</code>`
  const process = view.story.processes[at]
  const name = html`${processName(process)}`
  return at < view.limits.processes ? html`<a href="#${view.anchor}-p${at + 1}">${name}</a>` : name
}

/** What is left of a list that was cut. */
export function left(total: number, shown: number, what: string, where = 'case.json'): Markup | undefined {
  return total > shown ? html`<p class="more">${total - shown} more ${what} in ${where}</p>` : undefined
}

/** A part of a case: a heading that can be pointed at. */
export function part(view: CaseView, name: string, title: string, content: Hole, note?: Hole): Markup {
  return html`<section class="part" id="${view.anchor}-${name}" aria-labelledby="${view.anchor}-${name}-h">
<h3 id="${view.anchor}-${name}-h">${title}${note ? html` <small>${note}</small>` : undefined}</h3>
${content}
</section>
`
}
