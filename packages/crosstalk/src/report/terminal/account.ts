// The account of a run for the terminal: what was read, what was not and why. Nothing is skipped without being named here.
import type { Finding } from '../../cases/case.ts'
import { skewText } from '../../cases/words.ts'
import { isNotable } from '../../graph/skew.ts'
import type { RunSummary } from '../../run/account.ts'
import { byteSize, counted, grouped, seconds } from '../quantities.ts'
import { compareText, LEVELS } from '../report.ts'
import { unreadFiles } from '../unread-files.ts'
import { fact, heading, type Page, write } from './lines.ts'

/** Examples of each kind that are printed; all of them stand in summary.json. */
const MOST = { problems: 8, skips: 8, refused: 8, findings: 12, gaps: 8, bounds: 8, clocks: 6 }

/** `all`: where everything stands of which only the first few are printed. */
export function writeAccount(page: Page, summary: RunSummary, all = 'in summary.json'): void {
  const { files, bytes, events, rules, matches, time } = summary.account
  heading(page, 'Account of the run')
  const not = [
    files.unrecognised && `${files.unrecognised} of no known format`,
    files.unreadable && `${files.unreadable} unreadable`,
    files.empty && `${files.empty} empty`,
  ].filter(Boolean)
  fact(
    page,
    'Files',
    `${grouped(files.read)} of ${grouped(files.total)} read${not.length ? `, ${not.join(', ')}` : ''}`,
  )
  fact(
    page,
    'Bytes',
    `${byteSize(bytes.read)} of ${byteSize(bytes.total)} read${bytes.skipped ? `, ${byteSize(bytes.skipped)} skipped` : ''}`,
  )
  const formats = Object.entries(events.byFormat).map(([format, count]) => `${format} ${grouped(count)}`)
  const outside = events.outsideTime ? `, ${grouped(events.outsideTime)} outside the time asked for` : ''
  const skipped = events.skipped ? `, ${grouped(events.skipped)} skipped` : ''
  fact(
    page,
    'Events',
    `${grouped(events.read)} read${formats.length ? ` (${formats.join(', ')})` : ''}${outside}${skipped}`,
  )
  const other = Object.entries(rules.other).map(([kind, count]) => `, ${grouped(count)} ${kind}`)
  fact(page, 'Rules', `${grouped(rules.loaded)} loaded, ${grouped(rules.refused.length)} refused${other.join('')}`)
  const levels = LEVELS.filter((level) => matches.byLevel[level]).map(
    (level) => `${grouped(matches.byLevel[level])} ${level}`,
  )
  fact(page, 'Matches', `${grouped(matches.total)}${levels.length ? ` (${levels.join(', ')})` : ''}`)
  const parts = `rules ${seconds(time.rules)}, reading ${seconds(time.read)}, judging ${seconds(time.judge)}`
  writeClocks(page, summary.clocks, all)
  fact(page, 'Time', `${seconds(time.total)} (${parts})`)
  writeLosses(page, summary, all)
}

/** Clocks that are clearly apart; where there are none, that they were compared. */
function writeClocks(page: Page, clocks: RunSummary['clocks'], all: string): void {
  const notable = clocks.filter(isNotable)
  bounded(page, all, 'Clocks', notable, MOST.clocks, skewText)
  if (clocks.length && !notable.length)
    fact(page, 'Clocks', `${counted(clocks.length, 'pair')} compared by what both saw: none clearly apart`)
}

function writeLosses(page: Page, { account, bounds }: RunSummary, all: string): void {
  bounded(page, all, 'Not read', unreadFiles(account.problems), MOST.problems, ({ files, reason, count }) =>
    count > 1 ? `${grouped(count)} files: ${reason}, e.g. ${files[0]}` : `${files[0]}: ${reason}`,
  )
  bounded(page, all, 'Skipped', account.skipped, MOST.skips, ({ reason, count, bytes, examples }) => {
    const where = examples.length ? `, e.g. ${examples[0]}` : ''
    return `${grouped(count)} × ${reason}${bytes ? ` (${byteSize(bytes)})` : ''}${where}`
  })
  bounded(
    page,
    all,
    'Refused',
    account.rules.refused,
    MOST.refused,
    ({ file, line, column, reason }) => `${file}:${line}:${column}: ${reason}`,
  )
  bounded(page, all, 'Bounds hit', bounds, MOST.bounds, (bound) => bound)
}

function bounded<T>(
  page: Page,
  all: string,
  label: string,
  items: readonly T[],
  most: number,
  line: (item: T) => string,
): void {
  items.slice(0, most).forEach((item, at) => {
    fact(page, at ? '' : label, line(item), { longest: 400, paint: page.style.warn })
  })
  if (items.length > most) fact(page, '', `and ${grouped(items.length - most)} more ${all}`, { paint: page.style.warn })
}

/** When there is no case: what was found that was not enough for one, and what could not be seen. */
export function writeBelowTheBar(page: Page, findings: readonly Finding[], summary: RunSummary): void {
  const { files, events } = summary.account
  write(page, 'No case.', { lead: '  ', paint: page.style.bold })
  const found = summary.findings.total
    ? `${counted(summary.findings.total, 'finding')}, none of which had the independent support that a case needs`
    : 'nothing that any rule or analytic knows'
  write(page, `Looked at ${counted(events.read, 'event')} in ${counted(files.read, 'file')} and found ${found}.`, {
    lead: '  ',
  })
  if (!events.read)
    write(page, 'No event was read: this says nothing about the hosts.', { lead: '  ', paint: page.style.warn })
  if (findings.length) {
    heading(page, 'Found, but not enough')
    const groups = groupedFindings(findings)
    for (const { title, level, hosts, count } of groups.slice(0, MOST.findings)) {
      const where = hosts.slice(0, 4).join(', ') + (hosts.length > 4 ? ` and ${hosts.length - 4} more hosts` : '')
      write(page, `${title}${where ? ` on ${where}` : ''}${count > 1 ? `, ${grouped(count)} times` : ''}`, {
        lead: `  ${page.style.level(level, level.padEnd(13))} `,
        hang: 16,
        longest: 300,
      })
    }
    if (groups.length > MOST.findings)
      write(page, `and ${counted(groups.length - MOST.findings, 'more kind', 'more kinds')} in findings.jsonl`, {
        lead: '    ',
        paint: page.style.dim,
      })
  }
}

export function writeRunGaps(page: Page, { gaps }: RunSummary, all = 'in summary.json'): void {
  if (!gaps.length) return
  heading(page, 'What could not be seen')
  for (const gap of gaps.slice(0, MOST.gaps)) {
    write(page, gap.text, { lead: '  ? ', longest: 400 })
    if (gap.wouldShow)
      write(page, `would show it: ${gap.wouldShow}`, { lead: '    ', paint: page.style.dim, longest: 400 })
  }
  if (gaps.length > MOST.gaps)
    write(page, `and ${counted(gaps.length - MOST.gaps, 'more gap')} ${all}`, {
      lead: '    ',
      paint: page.style.dim,
    })
}

interface FindingGroup {
  title: string
  level: Finding['level']
  hosts: string[]
  count: number
}

/** Findings of one title and level together; worst first, then the most frequent. */
function groupedFindings(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string, FindingGroup>()
  for (const { title, level, host } of findings) {
    const key = `${level}\0${title}`
    const group = groups.get(key) ?? { title, level, hosts: [], count: 0 }
    groups.set(key, group)
    group.count++
    if (host && !group.hosts.includes(host)) group.hosts.push(host)
  }
  return [...groups.values()].sort(
    (a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || b.count - a.count || compareText(a.title, b.title),
  )
}
