// A rule's match as a line of what `scan` prints.
import { isoMicroseconds } from './dump-line.ts'
import type { RuleHead } from './rules.ts'
import type { LineFormat, RuleMatch } from './stage.ts'
import { version } from './version.ts'

/** Makes lines, each with its end, of the matches of these rules. */
export type MatchLine = (file: string, match: RuleMatch) => string

export function matchLine(format: LineFormat, rules: readonly RuleHead[]): MatchLine {
  switch (format) {
    case 'jsonl':
      return jsonlLine(rules)
    case 'csv':
      return csvLine(rules)
    case 'ocsf':
      return ocsfLine(rules)
  }
}

/** What is the same in all matches of a rule, and in all of a file or host, is made once. */
function jsonlLine(rules: readonly RuleHead[]): MatchLine {
  const heads: string[] = []
  const fileJson = lastJson()
  const channelJson = lastJson()
  const computerJson = lastJson()
  return (file, { rule, recordId, time, channel, eventId, computer, matched, events }) => {
    heads[rule] ??= jsonlHead(rules[rule])
    const iso = isoMicroseconds(time)
    const id = typeof eventId === 'number' ? eventId : JSON.stringify(eventId)
    const made = events
      ? `,"events":${JSON.stringify(events.map((one) => ({ ...one, time: isoMicroseconds(one.time) })))}`
      : ''
    return `${heads[rule]}"file":${fileJson(file)},"recordId":${recordId},"time":${iso ? `"${iso}"` : 'null'},"channel":${channelJson(channel)},"eventId":${id},"computer":${computerJson(computer)}},"matched":${JSON.stringify(matched)}${made}}\n`
  }
}

/** The JSON of a text that is mostly the same as last time. */
function lastJson(): (text: string) => string {
  let last: string | undefined
  let json = ''
  return (text) => {
    if (text !== last) {
      last = text
      json = JSON.stringify(text)
    }
    return json
  }
}

const jsonlHead = ({ id, title, level, tags }: RuleHead) =>
  `{"rule":${JSON.stringify({ id, title, level, tags })},"event":{`

const CSV_COLUMNS = [
  'time',
  'level',
  'rule',
  'ruleId',
  'tags',
  'computer',
  'channel',
  'eventId',
  'recordId',
  'file',
  'matched',
]

export const CSV_HEADER = `${CSV_COLUMNS.join(',')}\r\n`

const csvLine =
  (rules: readonly RuleHead[]): MatchLine =>
  (file, { rule, recordId, time, channel, eventId, computer, matched }) => {
    const { id, title, level, tags } = rules[rule]
    const cells = [
      isoMicroseconds(time),
      level,
      title,
      id,
      tags.join(' '),
      computer,
      channel,
      eventId,
      recordId,
      file,
      JSON.stringify(matched),
    ]
    return `${cells.map((cell) => csvCell(String(cell))).join(',')}\r\n`
  }

/**
 * A cell after RFC 4180. Text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection"): it comes
 * from whoever wrote the log.
 */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** OCSF 1.3 Detection Finding, https://schema.ocsf.io/1.3.0/classes/detection_finding */
const OCSF_SEVERITY = { informational: 1, low: 2, medium: 3, high: 4, critical: 5 } as const

const ocsfLine =
  (rules: readonly RuleHead[]): MatchLine =>
  (file, { rule, recordId, time, channel, eventId, computer, matched }) => {
    const { id, title, level, tags, description } = rules[rule]
    const milliseconds = Number.isNaN(time) ? 0 : Math.floor(time / 1000)
    const finding = {
      category_uid: 2,
      class_uid: 2004,
      class_name: 'Detection Finding',
      activity_id: 1,
      type_uid: 200401,
      severity_id: OCSF_SEVERITY[level],
      severity: level[0].toUpperCase() + level.slice(1),
      status_id: 1,
      time: milliseconds,
      message: title,
      metadata: {
        version: '1.3.0',
        product: { name: 'Crosstalk', vendor_name: 'Crosstalk', version },
        original_time: isoMicroseconds(time),
        log_name: channel,
        event_code: String(eventId),
      },
      finding_info: {
        uid: `${id}:${computer}:${channel}:${recordId}`,
        title,
        desc: description,
        types: tags,
        analytic: { type_id: 1, type: 'Rule', uid: id, name: title },
      },
      resources: computer ? [{ name: computer, type: 'host' }] : [],
      evidences: [{ data: matched }],
      unmapped: { file, recordId },
    }
    return `${JSON.stringify(finding)}\n`
  }
