// The work on a case: the six steps, what to do first, what is not known, and what stands around it.
import { STEP_NAMES, type Step } from '../../cases/case.ts'
import { shortened } from '../visible-text.ts'
import { type CaseView, cites, left, part } from './case-view.ts'
import { html, type Markup } from './markup.ts'

const MOST_COMMANDS = 24
const STATUS_GLYPH: Record<Step['status'], string> = { done: '●', partial: '◐', blocked: '○' }

export function stepsPart(view: CaseView): Markup {
  const { story, limits } = view
  const steps = STEP_NAMES.map((name) => {
    const step = story.steps[name]
    const facts = step.facts.slice(0, limits.rows)
    return html`<li class="step ${step.status}"><h4><span class="glyph" aria-hidden="true">${STATUS_GLYPH[step.status]}</span> ${name} <small>${step.status}</small></h4>
<p>${step.text} ${cites(view, step.evidence)}</p>
${facts.length ? html`<ul>${facts.map((fact) => html`<li>${shortened(fact.text, 800)} ${cites(view, fact.evidence)}</li>`)}</ul>` : undefined}${left(step.facts.length, limits.rows, 'facts')}</li>
`
  })
  return part(view, 'steps', 'Investigation', html`<ol class="steps">${steps}</ol>`)
}

export function containmentPart(view: CaseView): Markup | undefined {
  const { story, limits } = view
  if (!story.containment.length) return undefined
  const actions = [...story.containment].sort((a, b) => a.order - b.order)
  return part(
    view,
    'contain',
    'What to do first',
    html`<ol class="actions">${actions.slice(0, limits.rows).map(
      (
        action,
      ) => html`<li value="${action.order}"><p class="action">${action.action} ${cites(view, action.evidence)}</p>
<p class="why">${action.why}</p>
${action.cost ? html`<p class="cost"><b>Costs</b> ${action.cost}</p>` : undefined}
${commandBlock(action.commands)}</li>
`,
    )}</ol>${left(actions.length, limits.rows, 'actions')}`,
    'in the order that spares evidence',
  )
}

/** All commands of an action in one block, each on a line of its own, to be copied together. */
function commandBlock(commands: readonly string[]): Markup | undefined {
  if (!commands.length) return undefined
  const lines = commands.slice(0, MOST_COMMANDS).map(
    (command) => html`<span class="line">${shortened(command, 4000)}</span>
`,
  )
  return html`<div class="command-line"><pre class="commands" tabindex="0">${lines}</pre></div>${left(commands.length, MOST_COMMANDS, 'commands')}`
}

export function gapsPart(view: CaseView): Markup | undefined {
  const { gaps, assumptions } = view.story
  if (!gaps.length && !assumptions.length) return undefined
  return part(
    view,
    'unknown',
    'What is not known',
    html`${gapList(gaps.slice(0, view.limits.rows))}${left(gaps.length, view.limits.rows, 'gaps')}
${assumptions.length ? html`<h4>Assumed</h4><ul class="assumptions">${assumptions.slice(0, view.limits.rows).map((text) => html`<li>${text}</li>`)}</ul>` : undefined}`,
  )
}

export function gapList(gaps: readonly { text: string; wouldShow: string }[]): Markup | undefined {
  if (!gaps.length) return undefined
  return html`<ul class="gaps">${gaps.map(
    (
      gap,
    ) => html`<li>${gap.text}${gap.wouldShow ? html`<span class="would-show"><b>Would show it</b> ${gap.wouldShow}</span>` : undefined}</li>
`,
  )}</ul>`
}

export function aroundPart(view: CaseView): Markup | undefined {
  const { related, mitigations } = view.story
  if (!related.length && !mitigations.length) return undefined
  const groups = (
    [
      ['chained', 'Seen together with it'],
      ['not-seen', 'Looked for, not seen'],
      ['blind', 'Could not be seen'],
    ] as const
  ).map(([status, title]) => {
    const own = related.filter((one) => one.status === status).slice(0, view.limits.rows)
    return own.length
      ? html`<div class="related ${status}"><h4>${title}</h4><ul>${own.map((one) => html`<li><b>${one.technique}</b> ${one.name}${one.reasons.length ? html`<span class="why">${one.reasons.join('; ')}</span>` : undefined}</li>`)}</ul></div>
`
      : undefined
  })
  const stops = mitigations.slice(0, view.limits.rows)
  return part(
    view,
    'around',
    'Around it',
    html`<div class="columns">${groups}</div>
${stops.length ? html`<h4>What would have stopped it</h4><dl class="mitigations">${stops.map((one) => html`<dt><b>${one.id}</b> ${one.name}</dt><dd>${one.text}${one.reason ? html`<span class="why">${one.reason}</span>` : undefined}</dd>`)}</dl>` : undefined}`,
  )
}
