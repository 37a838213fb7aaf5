// A case as a short story for the terminal: what, where, who, from where, why we think so, what happened, what is unknown, what to do first.
import type { Case, CaseHost, Reason } from '../../cases/case.ts'
import { evidenceLabels } from '../evidence-labels.ts'
import { hostName } from '../host-names.ts'
import { channelRoles, inOrder, processForest } from '../process-forest.ts'
import { clockOf, counted, dateOf, duration, endpoint, processName, spanOf, tacticName } from '../quantities.ts'
import { timeSpan } from '../report.ts'
import { visibleText } from '../visible-text.ts'
import { drawBranches } from './branches.ts'
import { displayWidth, padded } from './display-width.ts'
import { blank, fact, heading, type Page, write } from './lines.ts'

/** Of each list, as many as a person reads at a time; the rest is counted. */
const MOST = {
  reasons: 12,
  timeline: 14,
  processes: 24,
  depth: 8,
  channels: 8,
  gaps: 8,
  actions: 6,
  commands: 3,
  facts: 6,
  files: 8,
  records: 24,
}

export interface Placing {
  at: number
  of: number
}

export function writeStory(page: Page, story: Case, { at, of }: Placing): void {
  writeTitle(page, story, { at, of })
  write(page, story.summary, { lead: '  ' })
  blank(page)
  writeFacts(page, story)
  writeReasons(page, story)
  writeTimeline(page, story)
  writeProcesses(page, story)
  writeGaps(page, story)
  writeFirstActions(page, story)
  writeEvidence(page, story)
  blank(page)
}

function writeTitle(page: Page, story: Case, { at, of }: Placing): void {
  const { style } = page
  const name = `── Case ${at} of ${of} `
  const id = ` ${visibleText(story.id)} ──`
  const rule = '─'.repeat(Math.max(2, page.columns - displayWidth(name) - displayWidth(id)))
  blank(page)
  page.lines.push(style.dim(name + rule + id))
  const level = story.level.toUpperCase()
  write(page, story.title, { lead: `${style.level(story.level, level)}  `, hang: level.length + 2, paint: style.bold })
  blank(page)
}

function writeFacts(page: Page, story: Case): void {
  const { first, last } = timeSpan(story)
  fact(page, 'When', spanOf(first, last))
  list(page, 'Where', story.hosts.filter((host) => host.role !== 'source').map(hostLine), MOST.facts)
  list(page, 'Who', story.accounts.map(accountLine), MOST.facts)
  const sources = story.hosts.filter((host) => host.role === 'source').map(hostLine)
  const inbound = story.remotes.filter((remote) => remote.direction === 'inbound').map(remoteLine(story))
  list(page, 'From', [...new Set([...sources, ...inbound])], MOST.facts)
  const outbound = story.remotes.filter((remote) => remote.direction === 'outbound').map(remoteLine(story))
  list(page, 'Towards', [...new Set(outbound)], MOST.facts)
  list(page, 'Over', story.channels.map(channelLine(story)), MOST.channels)
  list(
    page,
    'ATT&CK',
    story.techniques.map(({ id, name, tactic }) => `${id} ${name} (${tacticName(tactic)})`),
    MOST.facts,
  )
}

function list(page: Page, label: string, lines: readonly string[], most: number): void {
  lines.slice(0, most).forEach((line, at) => {
    fact(page, at ? '' : label, line, { longest: 400 })
  })
  if (lines.length > most) fact(page, '', `and ${lines.length - most} more`)
}

function hostLine({ name, addresses, role }: CaseHost): string {
  const others = addresses.filter((address) => address !== name)
  return `${name}${others.length ? ` [${others.join(', ')}]` : ''}, ${role}`
}

function accountLine({ name, host, logonId }: Case['accounts'][number]): string {
  return `${name} on ${host}${logonId ? `, logon session ${logonId}` : ''}`
}

function remoteLine(story: Case) {
  const byKey = new Map(story.processes.map((process) => [process.key, process]))
  return (remote: Case['remotes'][number]) => {
    const process = remote.process === undefined ? undefined : byKey.get(remote.process)
    const end = process
      ? `${remote.direction === 'inbound' ? 'to' : 'from'} ${processName(process)} on ${process.host}`
      : ''
    return `${endpoint(remote.address, remote.port)} ${remote.protocol} ${end}`.trimEnd()
  }
}

function channelLine(story: Case) {
  const byKey = new Map(story.processes.map((process) => [process.key, process]))
  const named = (key: string) => {
    const process = byKey.get(key)
    return process ? `${processName(process)} on ${process.host}` : key
  }
  return (channel: Case['channels'][number]) => {
    const server = channel.server === undefined ? 'server not seen' : `served by ${named(channel.server)}`
    const clients = channel.clients.map((client) => ('process' in client ? named(client.process) : client.address))
    const who = clients.length ? `, used by ${clients.slice(0, 4).join(', ')}` : ''
    const more = clients.length > 4 ? ` and ${clients.length - 4} more` : ''
    return `${channel.kind} ${channel.name} on ${channel.host}, ${server}${who}${more}`
  }
}

function writeReasons(page: Page, story: Case): void {
  heading(page, 'Why we think so')
  const reasons = [...story.reasons].sort((a, b) => b.weight - a.weight)
  const labels = evidenceLabels(story)
  for (const reason of reasons.slice(0, MOST.reasons)) writeReason(page, reason, labels)
  rest(page, reasons.length - MOST.reasons, 'reason')
  const verdict = `confidence ${story.confidence} of 100, level ${story.level}`
  write(page, verdict, { lead: '   →  ', paint: (line) => page.style.level(story.level, line) })
  write(page, 'reasons of one kind count less each time', { lead: '      ', paint: page.style.dim })
}

function writeReason(page: Page, reason: Reason, labels: ReadonlyMap<string, string>): void {
  const against = reason.weight < 0
  const weight = `${against ? '−' : '+'}${Math.abs(reason.weight)}`.padStart(4)
  const coloured = against ? page.style.warn(weight) : page.style.good(weight)
  const cited = reason.evidence.slice(0, 4).map((id) => labels.get(id) ?? id)
  if (reason.evidence.length > 4) cited.push('…')
  const cites = cited.length ? ` [${cited.join(',')}]` : ''
  write(page, `${reason.text}${cites}`, {
    lead: `  ${coloured}  ${page.style.dim(padded(reason.support, 10))} `,
    hang: 2 + 4 + 2 + 11,
    longest: 800,
  })
}

function writeTimeline(page: Page, story: Case): void {
  if (!story.timeline.length) return
  heading(page, 'What happened')
  const head = Math.min(story.timeline.length, MOST.timeline - 3)
  const shown = story.timeline.length <= MOST.timeline ? story.timeline : story.timeline.slice(0, head)
  const tail = story.timeline.length <= MOST.timeline ? [] : story.timeline.slice(-3)
  const hosts = new Set(story.timeline.map((entry) => hostName(story, entry.host))).size > 1
  let day = ''
  const entry = (at: Case['timeline'][number]) => {
    if (dateOf(at.time) !== day) {
      day = dateOf(at.time)
      write(page, `${day} UTC`, { lead: '  ', paint: page.style.dim })
    }
    write(page, hosts ? `${hostName(story, at.host)}: ${at.text}` : at.text, {
      lead: `  ${page.style.dim(clockOf(at.time).padEnd(12))}  `,
      hang: 16,
      longest: 400,
    })
  }
  shown.forEach(entry)
  const left = story.timeline.length - shown.length - tail.length
  if (left > 0) {
    const gap = Date.parse(tail[0].time) - Date.parse(shown.at(-1)!.time)
    const over = Number.isFinite(gap) ? ` over ${duration(gap)}` : ''
    write(page, `${counted(left, 'more entry', 'more entries')}${over}`, {
      lead: `  ${' '.repeat(14)}`,
      paint: page.style.dim,
    })
  }
  tail.forEach(entry)
}

function writeProcesses(page: Page, story: Case): void {
  if (!story.processes.length) return
  heading(page, 'Processes')
  const roles = channelRoles(story)
  let room = MOST.processes
  for (const [host, trees] of processForest(story)) {
    const nodes = [...inOrder(trees)]
    if (room <= 0) break
    write(page, host, { lead: '  ', paint: page.style.dim })
    const branches = drawBranches(nodes.map(({ depth }) => Math.min(depth, MOST.depth)))
    for (const [at, { process }] of nodes.slice(0, room).entries()) {
      const { name: indent, below } = branches[at]
      const role = roles.get(process.key)
      const name = `${processName(process)}${process.user ? `  ${process.user}` : ''}${role ? `  ← ${role.join(', ')}` : ''}`
      write(page, name, { lead: `    ${indent}`, under: `    ${below}`, paint: role ? page.style.bold : undefined })
      if (process.commandLine)
        write(page, process.commandLine, { lead: `    ${below}`, paint: page.style.dim, longest: 400 })
      if (process.decodedCommand)
        write(page, `decoded: ${process.decodedCommand}`, { lead: `    ${below}`, longest: 600 })
    }
    room -= nodes.length
  }
  rest(page, story.processes.length - MOST.processes, 'process', 'processes')
}

function writeGaps(page: Page, story: Case): void {
  if (!story.gaps.length && !story.assumptions.length) return
  heading(page, 'What is not known')
  for (const gap of story.gaps.slice(0, MOST.gaps)) {
    write(page, gap.text, { lead: '  ? ', longest: 800 })
    if (gap.wouldShow)
      write(page, `would show it: ${gap.wouldShow}`, { lead: '    ', paint: page.style.dim, longest: 400 })
  }
  rest(page, story.gaps.length - MOST.gaps, 'gap')
  for (const assumption of story.assumptions.slice(0, MOST.gaps))
    write(page, `Assumed: ${assumption}`, { lead: '  ~ ' })
  rest(page, story.assumptions.length - MOST.gaps, 'assumption')
}

function writeFirstActions(page: Page, story: Case): void {
  if (!story.containment.length) return
  heading(page, 'What to do first')
  const actions = [...story.containment].sort((a, b) => a.order - b.order)
  for (const { order, action, cost, commands } of actions.slice(0, MOST.actions)) {
    write(page, action, { lead: `  ${`${order}.`.padEnd(3)} ` })
    if (cost) write(page, `costs: ${cost}`, { lead: '      ', paint: page.style.warn })
    for (const command of commands.slice(0, MOST.commands))
      write(page, command, { lead: `      ${page.style.dim('$')} `, hang: 8 })
    rest(page, commands.length - MOST.commands, 'command', undefined, '        ')
  }
  rest(page, actions.length - MOST.actions, 'action')
}

/** Where the labels of the reasons lead: the records, file by file. */
function writeEvidence(page: Page, story: Case): void {
  if (!story.evidence.length) return
  heading(page, 'Evidence')
  const labels = evidenceLabels(story)
  const files = new Map<string, string[]>()
  for (const { id, file, recordId } of story.evidence) {
    const records = files.get(file) ?? []
    files.set(file, records)
    records.push(`${labels.get(id)} #${recordId}`)
  }
  for (const [file, records] of [...files].slice(0, MOST.files)) {
    write(page, file, { lead: '  ', longest: 300 })
    const shown = records.slice(0, MOST.records).join('  ')
    const left = records.length - MOST.records
    write(page, left > 0 ? `${shown}  and ${left} more` : shown, { lead: '    ', paint: page.style.dim })
  }
  rest(page, files.size - MOST.files, 'file')
}

function rest(page: Page, left: number, word: string, words?: string, lead = '    '): void {
  if (left > 0)
    write(page, `and ${counted(left, `more ${word}`, words && `more ${words}`)} in the case`, {
      lead,
      paint: page.style.dim,
    })
}
