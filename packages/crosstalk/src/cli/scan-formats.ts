// The forms in which `scan` prints matches.

import { style, wantsColor } from '../report/terminal/style.ts'
import { visibleText } from '../report/visible-text.ts'
import { isoMicroseconds } from '../run/dump-line.ts'
import type { RuleHead } from '../run/rules.ts'
import type { RuleMatch } from '../run/stage.ts'
import { version } from '../run/version.ts'
import type { LineOutput } from './output.ts'
import { LEVELS } from './usage.ts'

export const SCAN_FORMATS = ['table', 'jsonl', 'csv', 'ocsf'] as const
export type ScanFormat = (typeof SCAN_FORMATS)[number]

export interface ScanWriter {
  match(file: string, match: RuleMatch): void
  end(): void
}

export function scanWriter(format: ScanFormat, rules: readonly RuleHead[], out: LineOutput): ScanWriter {
  switch (format) {
    case 'jsonl':
      return jsonlWriter(rules, out)
    case 'csv':
      return csvWriter(rules, out)
    case 'ocsf':
      return ocsfWriter(rules, out)
    case 'table':
      return tableWriter(rules, out)
  }
}

const nothing = () => {}

/** One line a match; what is the same in all matches of a rule is written once. */
function jsonlWriter(rules: readonly RuleHead[], out: LineOutput): ScanWriter {
  const heads: string[] = []
  let lastFile: string | undefined
  let fileText = ''
  return {
    match(file, match) {
      const { rule, recordId, time, channel, eventId, computer, matched, events } = match
      if (file !== lastFile) {
        lastFile = file
        fileText = JSON.stringify(file)
      }
      heads[rule] ??= jsonlHead(rules[rule])
      const iso = isoMicroseconds(time)
      out.write(
        `${heads[rule]}"file":${fileText},"recordId":${recordId},"time":${iso ? `"${iso}"` : 'null'},"channel":${JSON.stringify(channel)},"eventId":${JSON.stringify(eventId)},"computer":${JSON.stringify(computer)}},"matched":${JSON.stringify(matched)}${events ? `,"events":${JSON.stringify(events.map((one) => ({ ...one, time: isoMicroseconds(one.time) })))}` : ''}}\n`,
      )
    },
    end: nothing,
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

function csvWriter(rules: readonly RuleHead[], out: LineOutput): ScanWriter {
  out.write(`${CSV_COLUMNS.join(',')}\r\n`)
  return {
    match(file, { rule, recordId, time, channel, eventId, computer, matched }) {
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
      out.write(`${cells.map((cell) => csvCell(String(cell))).join(',')}\r\n`)
    },
    end: nothing,
  }
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

function ocsfWriter(rules: readonly RuleHead[], out: LineOutput): ScanWriter {
  return {
    match(file, { rule, recordId, time, channel, eventId, computer, matched }) {
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
      out.write(`${JSON.stringify(finding)}\n`)
    },
    end: nothing,
  }
}

interface RuleSum {
  count: number
  computers: Set<string>
  first: number
  last: number
}

/** Computers that are told apart in a row's count. */
const MAX_COMPUTERS = 10_000

/** A line a rule that matched, worst first: a table of matches would be read by nobody. */
function tableWriter(rules: readonly RuleHead[], out: LineOutput): ScanWriter {
  const sums = new Map<number, RuleSum>()
  return {
    match(_, { rule, time, computer }) {
      let sum = sums.get(rule)
      if (!sum)
        sums.set(
          rule,
          (sum = { count: 0, computers: new Set(), first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY }),
        )
      sum.count++
      if (sum.computers.size < MAX_COMPUTERS) sum.computers.add(computer)
      if (time < sum.first) sum.first = time
      if (time > sum.last) sum.last = time
    },
    end() {
      if (!sums.size) {
        out.write('No rule matched.\n')
        return
      }
      const paint = style(wantsColor(process.stdout, process.env))
      out.write(`${paint.bold('level          matches  hosts  first seen            last seen             rule')}\n`)
      const rank = (rule: number) => LEVELS.indexOf(rules[rule].level)
      const sorted = [...sums].sort(
        ([a, x], [b, y]) => rank(b) - rank(a) || y.count - x.count || (rules[a].title < rules[b].title ? -1 : 1),
      )
      for (const [rule, { count, computers, first, last }] of sorted) {
        const { level, title } = rules[rule]
        const cells = [
          String(count).padStart(7),
          String(computers.size).padStart(5),
          second(first),
          second(last),
          visibleText(title),
        ]
        out.write(`${paint.level(level, level.padEnd(13))}  ${cells.join('  ')}\n`)
      }
    },
  }
}

const second = (microseconds: number) =>
  (isoMicroseconds(microseconds).slice(0, 19).replace('T', ' ') || '-').padEnd(20)
