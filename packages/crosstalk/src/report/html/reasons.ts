// Why we think so: each reason with what it adds or takes, as a sum that can be followed down the page.
import { type CaseView, cites, left, part, prose } from './case-view.ts'
import { html, type Markup } from './markup.ts'

export function reasonsPart(view: CaseView): Markup {
  const { story, limits } = view
  const reasons = story.reasons
    .map((reason, at) => ({ ...reason, at }))
    .sort((a, b) => b.weight - a.weight || a.at - b.at)
  const reach = Math.max(
    100,
    reasons.reduce((sum, { weight }) => sum + Math.max(0, weight), 0),
  )
  let sum = 0
  const rows = reasons.slice(0, limits.rows).map((reason) => {
    const from = sum
    sum += reason.weight
    const against = reason.weight < 0
    return html`<tr id="${view.anchor}-r${reason.at + 1}"${against ? html` class="against"` : undefined}>
<td class="weight">${against ? '−' : '+'}${Math.abs(reason.weight)}</td>
<td class="fall">${bar(from, sum, reach, against ? 'against' : 'for')}</td>
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
<thead class="unseen"><tr><th scope="col">Weight</th><th scope="col">Sum</th><th scope="col">Support</th><th scope="col">Reason</th></tr></thead>
<tbody>
${rows}</tbody>
<tfoot><tr><td class="weight">${story.confidence}</td>
<td class="fall">${bar(0, story.confidence, reach, story.level)}</td>
<td class="support" colspan="2">confidence of 100 → <b class="ink-${story.level}">${story.level}</b></td></tr></tfoot>
</table>
${left(reasons.length, limits.rows, 'reasons')}`,
  )
}

function bar(from: number, to: number, reach: number, kind: string): Markup {
  const clamp = (value: number) => Math.min(100, Math.max(0, (value / reach) * 100))
  const [low, high] = [clamp(Math.min(from, to)), clamp(Math.max(from, to))]
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10"/><rect class="fill-${kind}" x="${low.toFixed(1)}" width="${Math.max(0.6, high - low).toFixed(1)}" height="10"/></svg>`
}
