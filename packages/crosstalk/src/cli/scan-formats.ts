// The forms in which `scan` prints matches.

import { style, wantsColor } from '../report/terminal/style.ts'
import { visibleText } from '../report/visible-text.ts'
import { isoMicroseconds } from '../run/dump-line.ts'
import { CSV_HEADER, matchLine } from '../run/match-lines.ts'
import type { RuleHead } from '../run/rules.ts'
import type { MatchFormat, RuleMatch } from '../run/stage.ts'
import type { LineOutput } from './output.ts'
import { LEVELS } from './usage.ts'

export const SCAN_FORMATS = ['table', 'jsonl', 'csv', 'ocsf'] as const satisfies readonly MatchFormat[]

export interface ScanWriter {
  match(file: string, match: RuleMatch): void
  end(): void
}

export function scanWriter(format: MatchFormat, rules: readonly RuleHead[], out: LineOutput): ScanWriter {
  if (format === 'table') return tableWriter(rules, out)
  if (format === 'csv') out.write(CSV_HEADER)
  const line = matchLine(format, rules)
  return { match: (file, match) => out.write(line(file, match)), end: () => {} }
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
