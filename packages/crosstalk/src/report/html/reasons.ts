// Why we think so: each reason with the points it adds or takes, and what they come to.
import { type CaseView, cites, left, part, prose } from './case-view.ts'
import { html, type Markup } from './markup.ts'

export function reasonsPart(view: CaseView): Markup {
  const { story, limits } = view
  const reasons = story.reasons
    .map((reason, at) => ({ ...reason, at }))
    .sort((a, b) => b.weight - a.weight || a.at - b.at)
  const reach = Math.max(40, ...reasons.map(({ weight }) => Math.abs(weight)))
  const rows = reasons.slice(0, limits.rows).map((reason) => {
    const against = reason.weight < 0
    return html`<tr id="${view.anchor}-r${reason.at + 1}"${against ? html` class="against"` : undefined}>
<td class="weight">${against ? '−' : '+'}${Math.abs(reason.weight)}</td>
<td class="fall">${bar(Math.abs(reason.weight) / reach, against ? 'against' : 'for')}</td>
<td class="support">${reason.support}</td>
<td>${prose(view, reason.text)} ${cites(view, reason.evidence)}</td>
</tr>
`
  })
  return part(
    view,
    'why',
    'Why we think so',
    html`<table class="reasons">
<thead class="unseen"><tr><th scope="col">Points</th><th scope="col">as a bar</th><th scope="col">Support</th><th scope="col">Reason</th></tr></thead>
<tbody>
${rows}</tbody>
<tfoot><tr><td class="weight">${story.confidence}</td>
<td class="fall">${bar(story.confidence / 100, story.level)}</td>
<td class="support" colspan="2"><b class="ink-${story.level}">${story.level}</b>, confidence ${story.confidence} of 100; reasons of one kind count less each time</td></tr></tfoot>
</table>
${left(reasons.length, limits.rows, 'reasons')}`,
  )
}

/** `share`: 0 to 1 of the whole bar. */
function bar(share: number, kind: string): Markup {
  const width = Math.min(100, Math.max(0.6, share * 100)).toFixed(1)
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10"/><rect class="fill-${kind}" width="${width}" height="10"/></svg>`
}
