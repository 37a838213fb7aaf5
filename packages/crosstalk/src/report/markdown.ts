// A case as Markdown, for tickets and reports. CommonMark, with the tables of GitHub's flavour.
import { type Case, STEP_NAMES } from '../cases/case.ts'
import { evidenceLabels } from './evidence-labels.ts'
import { hostName } from './host-names.ts'
import { channelRoles, inOrder, processForest } from './process-forest.ts'
import { clockOf, dateOf, endpoint, processName, spanOf, tacticName } from './quantities.ts'
import { type Export, timeSpan } from './report.ts'
import { shortened, visibleText } from './visible-text.ts'

export const markdown: Export = {
  format: 'md',
  title: 'Markdown, for tickets and reports',
  shape: 'file',
  extension: '.md',
  *files({ case: story }) {
    yield { path: 'case.md', content: pages(story) }
  },
}

/** A cell or line of evidence can be of any length. */
const LONGEST = 2000

function* pages(story: Case): Generator<string> {
  yield opening(story)
  yield reasons(story)
  yield containment(story)
  yield timeline(story)
  yield processes(story)
  yield channels(story)
  yield steps(story)
  yield unknown(story)
  yield around(story)
  yield evidence(story)
}

function opening(story: Case): string {
  const { first, last } = timeSpan(story)
  const rows = [
    ['Case', code(story.id)],
    ['Level', `**${story.level}**, confidence ${story.confidence} of 100`],
    ['When', inline(spanOf(first, last))],
    [
      'Hosts',
      story.hosts
        .map((host) =>
          inline(
            `${host.name} (${[host.role, ...host.addresses.filter((address) => address !== host.name)].join(', ')})`,
          ),
        )
        .join('<br>'),
    ],
    [
      'Accounts',
      story.accounts
        .map((account) =>
          inline(`${account.name} on ${account.host}${account.logonId ? `, session ${account.logonId}` : ''}`),
        )
        .join('<br>'),
    ],
    [
      'Remote',
      story.remotes
        .map((remote) => inline(`${remote.direction} ${remote.protocol} ${endpoint(remote.address, remote.port)}`))
        .join('<br>'),
    ],
    [
      'Techniques',
      story.techniques
        .map((technique) => inline(`${technique.id} ${technique.name} (${tacticName(technique.tactic)})`))
        .join('<br>'),
    ],
  ]
  return `# ${inline(story.title)}\n\n${inline(story.summary)}\n\n${table(
    ['', ''],
    rows.filter(([, value]) => value),
  )}`
}

function reasons(story: Case): string {
  const sorted = [...story.reasons].sort((a, b) => b.weight - a.weight)
  const rows = sorted.map((reason) => [
    `${reason.weight < 0 ? '−' : '+'}${Math.abs(reason.weight)}`,
    inline(reason.support),
    inline(reason.text),
    cites(story, reason.evidence),
  ])
  return part('Why we think so', table(['Points', 'Support', 'Reason', 'Evidence'], rows))
}

function containment(story: Case): string {
  const actions = [...story.containment]
    .sort((a, b) => a.order - b.order)
    .map((action) => {
      const commands = action.commands.map((command) => shortened(command, LONGEST)).join('\n')
      const cost = action.cost ? `  \n   Costs: ${inline(action.cost)}` : ''
      return `${action.order}. **${inline(action.action)}** ${cites(story, action.evidence)}  \n   ${inline(action.why)}${cost}\n${commands && `\n${indented(fenced(commands, true))}`}`
    })
  return part('What to do first', actions.length ? `${actions.join('\n')}\n` : '')
}

function timeline(story: Case): string {
  const rows = story.timeline.map((entry) => [
    `${inline(dateOf(entry.time))} ${inline(clockOf(entry.time))}`,
    inline(hostName(story, entry.host)),
    inline(entry.text),
    cites(story, entry.evidence),
  ])
  return part('What happened (UTC)', table(['Time', 'Host', 'What', 'Evidence'], rows))
}

function processes(story: Case): string {
  const roles = channelRoles(story)
  const lines: string[] = []
  for (const [host, trees] of processForest(story)) {
    lines.push(host)
    for (const { process, depth } of inOrder(trees)) {
      const indent = '  '.repeat(Math.min(depth, 20) + 1)
      const role = roles.get(process.key)
      lines.push(
        `${indent}${processName(process)}${process.user ? ` as ${process.user}` : ''}${role ? ` [${role.join(', ')}]` : ''}`,
      )
      if (process.commandLine) lines.push(`${indent}  ${process.commandLine}`)
      if (process.decodedCommand) lines.push(`${indent}  decoded: ${process.decodedCommand.replace(/\s+/g, ' ')}`)
    }
  }
  return part('Processes', lines.length ? fenced(lines.map((line) => shortened(line, LONGEST)).join('\n'), true) : '')
}

function channels(story: Case): string {
  const byKey = new Map(story.processes.map((process) => [process.key, process]))
  const named = (key: string) => {
    const process = byKey.get(key)
    return inline(process ? `${processName(process)} on ${process.host}` : key)
  }
  const rows = story.channels.map((channel) => [
    inline(channel.kind),
    code(channel.name),
    inline(channel.host),
    channel.server === undefined ? 'not seen' : named(channel.server),
    channel.clients
      .map((client) => ('process' in client ? named(client.process) : inline(client.address)))
      .join('<br>') || 'none seen',
    cites(story, channel.evidence),
  ])
  return part('Who talked to whom', table(['Channel', 'Name', 'On', 'Served by', 'Used by', 'Evidence'], rows))
}

function steps(story: Case): string {
  const lines = STEP_NAMES.map((name) => {
    const step = story.steps[name]
    const facts = step.facts.map((fact) => `  - ${inline(fact.text)} ${cites(story, fact.evidence)}`)
    return [
      `- **${tacticName(name)}** (${inline(step.status)}): ${inline(step.text)} ${cites(story, step.evidence)}`,
      ...facts,
    ].join('\n')
  })
  return part('Investigation', `${lines.join('\n')}\n`)
}

function unknown(story: Case): string {
  const lines = [
    ...story.gaps.map(
      (gap) => `- ${inline(gap.text)}${gap.wouldShow ? `  \n  Would show it: ${inline(gap.wouldShow)}` : ''}`,
    ),
    ...story.assumptions.map((text) => `- Assumed: ${inline(text)}`),
  ]
  return part('What is not known', lines.length ? `${lines.join('\n')}\n` : '')
}

function around(story: Case): string {
  const related = story.related.map(
    (one) =>
      `- ${inline(`${one.technique} ${one.name}`)}: **${inline(one.status)}**. ${inline(one.reasons.join('; '))}`,
  )
  const stops = story.mitigations.map(
    (one) => `- ${inline(`${one.id} ${one.name}`)}: ${inline(one.text)} ${inline(one.reason)}`,
  )
  return (
    part('Related techniques', related.length ? `${related.join('\n')}\n` : '') +
    part('What would have stopped it', stops.length ? `${stops.join('\n')}\n` : '')
  )
}

function evidence(story: Case): string {
  const labels = evidenceLabels(story)
  const rows = story.evidence.map((piece) => [
    inline(labels.get(piece.id) ?? ''),
    inline(piece.text ?? ''),
    code(piece.file),
    String(piece.recordId),
    `${piece.offset}+${piece.length}`,
    code(piece.sha256),
  ])
  return part('Evidence', table(['No.', 'What', 'File', 'Record', 'Offset + length', 'SHA-256'], rows))
}

function part(title: string, content: string): string {
  return content ? `\n## ${title}\n\n${content}` : ''
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (!rows.length) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return line(columns) + line(columns.map(() => '---')) + rows.map(line).join('')
}

function cites(story: Case, ids: readonly string[]): string {
  const labels = evidenceLabels(story)
  return ids.length ? inline(`[${ids.map((id) => labels.get(id) ?? id).join(' ')}]`) : ''
}

/** Text on one line: what Markdown or HTML would obey is escaped, at the start of a line too; bare addresses do not become links. */
function inline(text: string): string {
  return shortened(text, LONGEST)
    .replace(/[\\`*_{}[\]|<>&~$]/g, '\\$&')
    .replace(/(https?|ftp|file):/gi, '$1\\:')
    .replace(/\b(www)\./gi, '$1\\.')
    .replace(/@/g, '\\@')
    .replace(/^([-+#=])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2')
}

/** A code span of one line; in a table a bar must be escaped even there (GFM, 4.10). */
function code(text: string): string {
  const visible = shortened(text, LONGEST).replaceAll('|', '\\|')
  const fence = longestRun(visible) + 1
  return `${'`'.repeat(fence)} ${visible} ${'`'.repeat(fence)}`
}

/** A code block; its fence is longer than any run of backticks in it. `lines`: line feeds are the block's own, and stay. */
function fenced(text: string, lines = false): string {
  const visible = lines ? text.split('\n').map(visibleText).join('\n') : shortened(text, LONGEST)
  const fence = '`'.repeat(Math.max(3, longestRun(visible) + 1))
  return `${fence}text\n${visible}\n${fence}\n`
}

function indented(block: string): string {
  return block.replace(/^(?=.)/gm, '   ')
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
}
