// The forms in which `rules validate` tells what it measured.
import { visibleText } from '../../report/visible-text.ts'
import type { RunRules } from '../../run/rules.ts'
import type { RuleMeasures } from '../../run/validate-rules.ts'

export interface Row extends RuleMeasures {
  failures: string[]
  verdict: string
  /** CPU time of the rule alone, over events of the telemetry that was given; undefined when it was not measured */
  nanosecondsPerEvent: number | undefined
}

export interface Told {
  rows: Row[]
  events: { attack: number; benign: number }
  hostDays: number
  refused: RunRules['account']['refused']
  costEvents: number
}

export const validationJson = ({ rows, ...rest }: Told) =>
  JSON.stringify(
    {
      ...rest,
      rules: rows.map(({ rule: { id, title, level }, ...row }) => ({ id, title, level, ...row })),
    },
    null,
    2,
  )

export function validationTable({ rows, events, hostDays, refused, costEvents }: Told, all: boolean): string[] {
  const isShown = (row: Told['rows'][number]) =>
    all || row.attackHits > 0 || row.benignHits > 0 || row.failures.length > 0
  const shown = rows
    .filter(isShown)
    .sort((a, b) => b.failures.length - a.failures.length || b.benignHits - a.benignHits || b.attackHits - a.attackHits)
  const number = (value: number | undefined, digits: number) => (value === undefined ? '-' : value.toFixed(digits))
  const lines = ['attack hits  benign hits  precision  recall       FP/host-day  ns/event  verdict   rule']
  for (const row of shown) {
    const recall = row.recall === undefined ? '-' : `${row.recall.toFixed(2)} (${row.found}/${row.labelled})`
    lines.push(
      [
        String(row.attackHits).padStart(11),
        String(row.benignHits).padStart(11),
        number(row.precision, 3).padStart(9),
        recall.padEnd(11),
        number(row.falsePositivesPerHostDay, 2).padStart(11),
        number(row.nanosecondsPerEvent, 0).padStart(8),
        row.verdict.padEnd(8),
        visibleText(row.rule.title),
      ].join('  '),
    )
  }
  for (const { file, line, column, reason } of refused)
    lines.push(visibleText(`${' '.repeat(66)}no: refused  ${file}:${line}:${column}: ${reason}`))
  const hidden = rows.length - shown.length
  const failed = rows.filter((row) => row.failures.length).length
  lines.push(
    '',
    `${rows.length} rules over ${events.attack} attack events and ${events.benign} benign ones (${hostDays} host-days)${hidden ? `; ${hidden} found nothing (--all lists them)` : ''}; ${failed} fail the gates; ${refused.length} refused`,
    ...(costEvents ? [`ns/event: CPU time of the rule alone over ${costEvents} of these events`] : []),
  )
  return lines
}
