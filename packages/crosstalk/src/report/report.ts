// What every report is made from, and the one interface that every export fulfils. A report knows nothing but this: what a case, a
// finding or the account of the run does not say, no report shows.
import type { Case, Finding, Level } from '../cases/case.ts'
import type { RunSummary } from '../run/account.ts'

export const LEVELS = ['critical', 'high', 'medium', 'low', 'informational'] as const satisfies readonly Level[]

/** What a case is handed over with. */
export interface ExportSource {
  readonly case: Case
  /** the findings that the case is made of, in the order of `case.findings` where they are known */
  readonly findings: readonly Finding[]
  /** the run that made the case; undefined when only the case folder was handed over */
  readonly summary?: RunSummary
  /** The original bytes of a piece of evidence: read from where the case says they lie. Throws ReportError when they can't be. */
  evidenceBytes?(evidence: Case['evidence'][number]): Promise<Uint8Array>
  /** told of each piece of evidence that an export should hold and does not */
  onMissing?(problem: string): void
}

/** One file of an export. `path` has forward slashes and stays below the export's own folder. */
export interface ExportFile {
  readonly path: string
  /** pieces of any size; read once, in order, before the next file is asked for */
  readonly content: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>
}

/** A form in which a case leaves the house. A file or folder each; all pass export.conformance.ts. */
export interface Export {
  /** what `case export --format` calls it */
  readonly format: string
  /** one line for people: the form and its version */
  readonly title: string
  /** `file`: exactly one file, whose extension is `extension`; `folder`: any number */
  readonly shape: 'file' | 'folder'
  /** with its dot; '' for a folder */
  readonly extension: string
  /** Makes the files, in order. The same source gives the same bytes. */
  files(source: ExportSource): Iterable<ExportFile> | AsyncIterable<ExportFile>
}

/** Something that a report could not do, said for people: what, where, what to do next. */
export class ReportError extends Error {
  override readonly name = 'ReportError'
}

/** Worst first; among equals the surer, then the earlier, then by id, so that every report has the same order. */
export function worstFirst(cases: readonly Case[]): Case[] {
  return cases
    .map((story) => ({ story, first: timeSpan(story).first }))
    .sort(
      (a, b) =>
        LEVELS.indexOf(a.story.level) - LEVELS.indexOf(b.story.level) ||
        b.story.confidence - a.story.confidence ||
        compareText(a.first, b.first) ||
        compareText(a.story.id, b.story.id),
    )
    .map(({ story }) => story)
}

/** Code unit order: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The first and last time that the case's timeline, hosts and channels name; '' when they name none. ISO 8601 UTC. */
export function timeSpan(story: Case): { first: string; last: string } {
  const times = [
    ...story.timeline.map((entry) => entry.time),
    ...(story.timeline.length ? [] : story.hosts.flatMap((host) => [host.firstSeen, host.lastSeen])),
  ].filter((time) => !Number.isNaN(Date.parse(time)))
  let first = ''
  let last = ''
  for (const time of times) {
    if (!first || time < first) first = time
    if (!last || time > last) last = time
  }
  return { first, last }
}
