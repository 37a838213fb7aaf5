// One case, from its story to its evidence.
import type { Case } from '../../cases/case.ts'
import { endpoint, spanOf, tacticName } from '../quantities.ts'
import { timeSpan } from '../report.ts'
import { type CaseView, left, prose } from './case-view.ts'
import { channelPart } from './channel-graph.ts'
import { evidencePart } from './evidence-table.ts'
import { aroundPart, containmentPart, gapsPart, stepsPart } from './investigation.ts'
import { timelinePart } from './lane-timeline.ts'
import { type Hole, html, type Markup } from './markup.ts'
import { processPart } from './process-tree.ts'
import { reasonsPart } from './reasons.ts'

export interface CaseSectionOptions {
  /** unfolded when the page opens */
  open: boolean
  /** the page carries the case's data, so that it can be saved */
  carried: boolean
}

export function caseSection(view: CaseView, { open, carried }: CaseSectionOptions): Markup {
  const { story, anchor } = view
  const parts: [name: string, title: string, content: Markup | undefined][] = [
    ['channels', 'Channels', channelPart(view)],
    ['contain', 'First', containmentPart(view)],
    ['timeline', 'Timeline', timelinePart(view)],
    ['processes', 'Processes', processPart(view)],
    ['steps', 'Steps', stepsPart(view)],
    ['unknown', 'Unknown', gapsPart(view)],
    ['around', 'Around', aroundPart(view)],
    ['evidence', 'Evidence', evidencePart(view)],
  ]
  const present = parts.filter(([, , content]) => content)
  return html`<article class="case level-${story.level}" id="${anchor}" aria-labelledby="${anchor}-title">
<details class="whole"${open ? html` open` : undefined}>
<summary><span class="eyebrow"><span class="badge ${story.level}">${story.level}</span> Case ${view.number} <code>${story.id}</code></span>
<h2 id="${anchor}-title">${prose(view, story.title)}</h2></summary>
<div class="opening"><div class="story"><p class="summary">${prose(view, story.summary)}</p>
<nav class="jump" aria-label="Parts of case ${view.number}"><a href="#${anchor}-why">Why</a>${present.map(([name, title]) => html`<a href="#${anchor}-${name}">${title}</a>`)}${carried ? html`<button class="save" type="button" data-case="${view.number}" hidden>Save case.json</button>` : undefined}</nav>
${reasonsPart(view)}</div>
${facts(view)}</div>
${present.map(([, , content]) => content)}
</details>
</article>
`
}

function facts(view: CaseView): Markup {
  const { story, limits } = view
  const { first, last } = timeSpan(story)
  const addresses = [
    ...new Set(
      story.remotes.map(
        ({ address, port, direction }) =>
          `${direction === 'inbound' ? 'from' : 'to'} ${endpoint(address, direction === 'inbound' ? undefined : port)}`,
      ),
    ),
  ]
  return html`<dl class="facts">
${fact('When', [spanOf(first, last)])}
${fact(
  'Hosts',
  story.hosts.map(
    (host) =>
      html`<b>${host.name}</b> <span class="note">${[host.role, ...host.addresses.filter((address) => address !== host.name).slice(0, 3)].join(' · ')}</span>`,
  ),
  limits.rows,
)}
${fact('Accounts', story.accounts.map(accountFact), limits.rows)}
${fact(
  'Remote',
  addresses.map((address) => html`<code>${address}</code>`),
  10,
)}
${fact(
  'Techniques',
  story.techniques.map(
    ({ id, name, tactic, reasons }) =>
      html`<span title="${reasons.join('; ')}"><b>${id}</b> ${name} <span class="note">${tacticName(tactic)}</span></span>`,
  ),
  limits.rows,
)}
${fact('Findings', [story.findings.length ? `${story.findings.length} joined` : 'none'])}
</dl>`
}

function accountFact({ name, host, sid, logonId }: Case['accounts'][number]): Markup {
  return html`<b${sid ? html` title="${sid}"` : undefined}>${name}</b> <span class="note">${[host, logonId && `session ${logonId}`].filter(Boolean).join(' · ')}</span>`
}

function fact(label: string, values: readonly Hole[], most = 12): Markup | undefined {
  if (!values.length) return undefined
  return html`<div><dt>${label}</dt>${values.slice(0, most).map((value) => html`<dd>${value}</dd>`)}${values.length > most ? html`<dd>${left(values.length, most, 'of them')}</dd>` : undefined}</div>
`
}
