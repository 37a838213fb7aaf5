// The evidence of a case: where each record lies, its hash, and which statements rest on it.
import type { Case } from '../../cases/case.ts'
import { STEP_NAMES } from '../../cases/case.ts'
import { grouped } from '../quantities.ts'
import { shortened } from '../visible-text.ts'
import { type CaseView, left, part } from './case-view.ts'
import { html, type Markup } from './markup.ts'

const MOST_CITED = 5

export function evidencePart(view: CaseView): Markup | undefined {
  const { story, limits } = view
  if (!story.evidence.length) return undefined
  const cited = citations(story)
  const rows = story.evidence.slice(0, limits.evidence).map((piece, at) => {
    const by = cited.get(piece.id) ?? []
    const links = by
      .slice(0, MOST_CITED)
      .map(({ name, anchor }) => html`<a href="#${view.anchor}-${anchor}">${name}</a> `)
    const more = by.length > MOST_CITED ? `+${by.length - MOST_CITED}` : undefined
    return html`<tr id="${view.anchor}-e${at + 1}"><th scope="row">${view.labels.get(piece.id)}</th>
<td class="about-evidence">${piece.text ? html`<span class="event">${shortened(piece.text, 600)}</span>` : undefined}
<code class="file">${shortened(piece.file, 300)}</code> <span class="place">record ${grouped(piece.recordId)} · ${piece.format} · offset ${piece.offset}, ${piece.length} bytes</span>
<code class="hash">sha256 ${piece.sha256}</code></td>
<td class="cited-by">${links}${more}</td></tr>
`
  })
  return part(
    view,
    'evidence',
    'Evidence',
    html`<table class="rows evidence"><thead><tr><th scope="col">No.</th><th scope="col">Record</th><th scope="col">Cited by</th></tr></thead>
<tbody>${rows}</tbody></table>
${left(story.evidence.length, limits.evidence, 'records')}`,
    `${story.evidence.length} ${story.evidence.length === 1 ? 'record' : 'records'}`,
  )
}

/** Which statements rest on which evidence: id → where on the page they stand. */
function citations(story: Case): Map<string, { name: string; anchor: string }[]> {
  const cited = new Map<string, { name: string; anchor: string }[]>()
  const add = (ids: readonly string[], name: string, anchor: string) => {
    for (const id of new Set(ids)) {
      const places = cited.get(id) ?? []
      cited.set(id, places)
      // Statements come in their order: one that stands at the same place came just before.
      if (places.at(-1)?.anchor !== anchor) places.push({ name, anchor })
    }
  }
  story.reasons.forEach((reason, at) => {
    add(reason.evidence, `reason ${at + 1}`, `r${at + 1}`)
  })
  for (const name of STEP_NAMES) {
    const step = story.steps[name]
    add([...step.evidence, ...step.facts.flatMap((fact) => fact.evidence)], name, 'steps')
  }
  for (const action of story.containment) add(action.evidence, 'containment', 'contain')
  story.channels.forEach((channel, at) => {
    add(channel.evidence, 'channel', `ch${at + 1}`)
  })
  story.timeline.forEach((entry, at) => {
    add(entry.evidence, 'timeline', `t${at + 1}`)
  })
  return cited
}
