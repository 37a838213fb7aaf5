// The processes of a case, host by host, as trees that fold.
import { channelRoles, type ProcessNode, processForest } from '../process-forest.ts'
import { clockOf, counted, fileName } from '../quantities.ts'
import { shortened } from '../visible-text.ts'
import { type CaseView, cites, left, part } from './case-view.ts'
import { html, type Markup } from './markup.ts'

/** Deeper nests are drawn at this depth: a page cannot be indented for ever. */
const DEEPEST = 24

export function processPart(view: CaseView): Markup | undefined {
  const { story, limits } = view
  if (!story.processes.length) return undefined
  const roles = channelRoles(story)
  const trees = [...processForest(story)].map(
    ([host, nodes]) => html`<h4>${host}</h4>
<ul class="tree">${nodes.map((node) => branch(view, node, roles))}</ul>
`,
  )
  return part(
    view,
    'processes',
    'Processes',
    html`${trees}${left(story.processes.length, limits.processes, 'processes')}`,
  )
}

function branch(view: CaseView, node: ProcessNode, roles: ReadonlyMap<string, string[]>): Markup | undefined {
  const at = view.processAt.get(node.process.key)!
  if (at >= view.limits.processes)
    return node.children.length ? html`${node.children.map((child) => branch(view, child, roles))}` : undefined
  const row = processRow(view, node, roles.get(node.process.key))
  const id = `${view.anchor}-p${at + 1}`
  if (!node.children.length || node.depth >= DEEPEST)
    return html`<li id="${id}"><div class="process">${row}</div>${node.children.map((child) => branch(view, child, roles))}</li>`
  return html`<li id="${id}"><details open><summary class="process">${row}</summary>
<ul>${node.children.map((child) => branch(view, child, roles))}</ul></details></li>`
}

function processRow(view: CaseView, { process, orphan }: ProcessNode, roles: readonly string[] | undefined): Markup {
  const about = [process.user, process.start && clockOf(process.start)].filter(Boolean).join(' · ')
  return html`<span class="name${roles ? ' actor' : ''}" title="${shortened(process.image, 300)}">${fileName(process.image) || 'unknown image'}</span>
${process.pid === undefined ? undefined : html`<span class="pid">${process.pid}</span>`}
${roles?.map((role) => html`<span class="role">${role}</span>`)}
${orphan ? html`<span class="role faint">parent not seen</span>` : undefined}
<span class="about">${about}</span> ${cites(view, process.evidence, 4)}
${process.commandLine ? commandLine(view, process.commandLine) : undefined}
${process.decodedCommand ? html`<span class="about">decoded</span> ${commandLine(view, process.decodedCommand)}` : undefined}
${process.hash ? html`<span class="hash-line">${hashName(process.hash)}${shortened(process.hash, 300)}</span>` : undefined}`
}

/** A bare hash is named by its length. */
function hashName(hash: string): string {
  return /^[0-9a-f]{64}$/i.test(hash) ? 'sha256 ' : ''
}

/** In full where it is short; else its beginning, and the rest behind a fold. */
function commandLine(view: CaseView, text: string): Markup {
  const { limits } = view
  if (text.length <= limits.commandLine) return html`<code class="command">${text}</code>`
  const rest = text.length - limits.commandLine
  return html`<details class="fold"><summary><code class="command">${text.slice(0, limits.commandLine)}</code><span class="more-of">… ${counted(rest, 'more character')}</span></summary><code class="command">${shortened(text, limits.commandLineFolded)}</code></details>`
}
