// The forms in which `rules check` tells what it found.
import { isAbsolute, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CHECKS, type CheckCode, type CheckResult, type Diagnostic } from '@crosstalk/sigma/check'
import { visibleText } from '../../report/visible-text.ts'
import { version } from '../../run/version.ts'

/** `file:line:column  severity  code  message`, and a line of sums. */
export function checkTable({ diagnostics, files, rules, ignored }: CheckResult, fixed: number): string[] {
  const { shown, hidden } = withoutRepeats(diagnostics)
  const lines = shown.map(
    ({ file, line, column, severity, code, message, fix }) =>
      `${visibleText(file)}:${line}:${column}  ${severity.padEnd(7)}  ${code.padEnd(22)}  ${visibleText(message)}${fix ? ` [--fix: ${visibleText(fix.title)}]` : ''}`,
  )
  lines.push(...hidden)
  const count = (severity: Diagnostic['severity']) => diagnostics.filter((one) => one.severity === severity).length
  const fixable = diagnostics.filter((one) => one.fix).length
  lines.push(
    `${lines.length ? '\n' : ''}${rules} rules in ${files} files: ${count('error')} errors, ${count('warning')} warnings, ${count('info')} notes${fixable ? `; --fix changes ${fixable}` : ''}${fixed ? `; ${fixed} changed` : ''}${ignored ? `; ${ignored} ignored` : ''}`,
  )
  return lines
}

/** The same note on more rules than this is not told of each. */
const MAX_SAME = 20
const SHOWN_OF_SAME = 3

/** Without notes that say the same of many rules: they say more of the telemetry or of ATT&CK’s version than of each rule. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): { shown: Diagnostic[]; hidden: string[] } {
  const keyOf = ({ severity, code, message }: Diagnostic) => (severity === 'info' ? `${code}\u0000${message}` : '')
  const counts = new Map<string, number>()
  for (const one of diagnostics) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1)
  const seen = new Map<string, number>()
  const shown = diagnostics.filter((one) => {
    const key = keyOf(one)
    const at = (seen.get(key) ?? 0) + 1
    seen.set(key, at)
    return key === '' || counts.get(key)! <= MAX_SAME || at <= SHOWN_OF_SAME
  })
  const hidden = [...counts].flatMap(([key, count]) => {
    const [code, message] = key.split('\u0000')
    const more = count - SHOWN_OF_SAME
    return key === '' || count <= MAX_SAME
      ? []
      : [`${more} more of ${code}: ${visibleText(message)} (--format json has each, --disable ${code} none)`]
  })
  return { shown, hidden }
}

const SARIF_LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const

/** SARIF 2.1.0 (OASIS, 2020), one run. Columns count UTF-16 code units, as the text of a rule is read. */
export function checkSarif(diagnostics: readonly Diagnostic[]): object {
  const codes = [...new Set(diagnostics.map((one) => one.code))].sort()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Crosstalk',
            version,
            rules: codes.map((code) => ({
              id: code,
              shortDescription: { text: CHECKS[code].summary },
              defaultConfiguration: { level: SARIF_LEVELS[CHECKS[code].severity] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((one) => sarifResult(one, codes)),
      },
    ],
  }
}

function sarifResult({ code, severity, message, file, line, column }: Diagnostic, codes: readonly CheckCode[]): object {
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: SARIF_LEVELS[severity],
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
  }
}

/** Relative where the file is below the working folder, as code hosts want it. */
function uriOf(file: string): string {
  const path = relative(process.cwd(), file)
  if (path.startsWith('..') || isAbsolute(path)) return pathToFileURL(file).href
  return path.split(/[\\/]/).map(encodeURIComponent).join('/')
}
