// A case's timeline for Timesketch: a line an event, with the three fields that it must have (Timesketch documentation, "Import from JSON or CSV").
import type { Case, CaseEvidence, Finding } from '../cases/case.ts'
import { compareText, type Export } from './report.ts'

export const timesketch: Export = {
  format: 'timesketch',
  title: 'Timesketch timeline, JSON lines',
  shape: 'file',
  extension: '.jsonl',
  *files({ case: story, findings }) {
    yield { path: 'timeline.jsonl', content: lines(story, findings) }
  },
}

interface Line {
  message: string
  /** ISO 8601 with offset */
  datetime: string
  /** microseconds since 1970 */
  timestamp: number
  timestamp_desc: string
  [field: string]: unknown
}

function* lines(story: Case, findings: readonly Finding[]): Generator<string> {
  const evidence = new Map(story.evidence.map((piece) => [piece.id, piece]))
  const events = [
    ...story.timeline.map((entry) => timelineLine(story, entry, evidence)),
    ...findings.map((finding) => findingLine(story, finding)),
  ]
  const known = events.filter((line) => line !== undefined)
  known.sort((a, b) => a.timestamp - b.timestamp || compareText(a.message, b.message))
  for (const line of known) yield `${JSON.stringify(line)}\n`
}

/** Undefined where there is no time: such an entry has no place on a timeline. */
function timelineLine(
  story: Case,
  entry: Case['timeline'][number],
  evidence: ReadonlyMap<string, CaseEvidence>,
): Line | undefined {
  const time = timeFields(entry.time)
  if (!time) return undefined
  const files = entry.evidence.map((id) => evidence.get(id)).filter((piece) => piece !== undefined)
  return {
    message: entry.text,
    ...time,
    timestamp_desc: 'Event recorded',
    data_type: 'crosstalk:timeline',
    hostname: entry.host,
    case_id: story.id,
    case_title: story.title,
    level: story.level,
    evidence: entry.evidence,
    source_files: [...new Set(files.map((piece) => piece.file))],
    record_ids: files.map((piece) => piece.recordId),
    tag: ['crosstalk', story.level],
  }
}

function findingLine(story: Case, finding: Finding): Line | undefined {
  const time = timeFields(finding.time)
  if (!time) return undefined
  return {
    message: `${finding.title} (${finding.by})`,
    ...time,
    timestamp_desc: 'Finding',
    data_type: 'crosstalk:finding',
    hostname: finding.host,
    case_id: story.id,
    case_title: story.title,
    finding_id: finding.id,
    level: finding.level,
    techniques: finding.techniques,
    tag: ['crosstalk', finding.level, ...finding.techniques],
  }
}

function timeFields(time: string): { datetime: string; timestamp: number } | undefined {
  const milliseconds = Date.parse(time)
  if (Number.isNaN(milliseconds)) return undefined
  const micros = /\.\d{3}(\d{3})/.exec(time)?.[1] ?? '000'
  return {
    datetime: `${new Date(milliseconds).toISOString().slice(0, -1)}${micros}+00:00`,
    timestamp: milliseconds * 1000 + Number(micros),
  }
}
