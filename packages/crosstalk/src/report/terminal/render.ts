// What `hunt` prints: each case as a short story, then the account of the run.
import type { Case, Finding } from '../../cases/case.ts'
import type { RunSummary } from '../../run/account.ts'
import { counted } from '../quantities.ts'
import { LEVELS, worstFirst } from '../report.ts'
import { writeAccount, writeBelowTheBar, writeRunGaps } from './account.ts'
import { blank, heading, type Page, page, write } from './lines.ts'
import type { TerminalOptions } from './render-account.ts'
import { writeStory } from './story.ts'

export type { TerminalOptions } from './render-account.ts'

/** Lines of the index of cases that are not told in full. */
const MOST_TITLES = 50

/** The whole output of a hunt, ending with a line feed. `findings` are all of the run's; those without a case are told when there is none. */
export function renderTerminal(
  cases: readonly Case[],
  findings: readonly Finding[],
  summary: RunSummary,
  { columns = 80, color = false, stories = 10, all }: TerminalOptions = {},
): string {
  const sheet = page(columns, color)
  const sorted = worstFirst(cases)
  if (sorted.length > 1) writeOpening(sheet, sorted)
  sorted.slice(0, stories).forEach((story, at) => {
    writeStory(sheet, story, { at: at + 1, of: sorted.length })
  })
  if (sorted.length > stories) writeTitles(sheet, sorted.slice(stories), stories)
  if (!sorted.length) writeBelowTheBar(sheet, findings, summary)
  writeRunGaps(sheet, summary, all)
  writeAccount(sheet, summary, all)
  return `${sheet.lines.join('\n')}\n`
}

/** One case, for `case show`. */
export function renderCase(story: Case, { columns = 80, color = false }: TerminalOptions = {}): string {
  const sheet = page(columns, color)
  writeStory(sheet, story, { at: 1, of: 1 })
  return `${sheet.lines.join('\n').trimEnd()}\n`
}

function writeOpening(sheet: Page, cases: readonly Case[]): void {
  const levels = LEVELS.map((level) => ({ level, count: cases.filter((story) => story.level === level).length }))
  const told = levels.filter(({ count }) => count).map(({ level, count }) => `${count} ${level}`)
  const hosts = new Set(cases.flatMap((story) => story.hosts.map((host) => host.name))).size
  write(sheet, `${counted(cases.length, 'case')} on ${counted(hosts, 'host')}: ${told.join(', ')}`, {
    paint: sheet.style.bold,
  })
}

function writeTitles(sheet: Page, cases: readonly Case[], before: number): void {
  heading(sheet, `The other ${counted(cases.length, 'case')}`)
  cases.slice(0, MOST_TITLES).forEach((story, at) => {
    write(sheet, `${story.title} (${story.confidence})`, {
      lead: `  ${String(before + at + 1).padStart(3)}  ${sheet.style.level(story.level, story.level.padEnd(13))} `,
      hang: 21,
      longest: 300,
    })
  })
  if (cases.length > MOST_TITLES)
    write(sheet, `and ${counted(cases.length - MOST_TITLES, 'more case')} in the report`, { lead: '    ' })
  blank(sheet)
}
