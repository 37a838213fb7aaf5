// `# crosstalk-ignore: value-broad, path-name` in a rule: what its author meant all the same. Behind what is reported, or on a line of its own above it.
import type { Diagnostic } from './diagnostic.ts'

const COMMENT = /(?:^|\s)#\s*crosstalk-ignore:\s*([a-z][a-z, -]*)/

/** Line, from 1 → codes that are not reported there. */
function ignoredLines(text: string): ReadonlyMap<number, readonly string[]> {
  const lines = new Map<number, string[]>()
  if (!text.includes('crosstalk-ignore')) return lines
  text.split('\n').forEach((line, at) => {
    const codes = COMMENT.exec(line)?.[1]
      .split(/[,\s]+/)
      .filter(Boolean)
    if (!codes) return
    const meant = /^\s*#/.test(line) ? at + 2 : at + 1
    lines.set(meant, [...(lines.get(meant) ?? []), ...codes])
  })
  return lines
}

/** The diagnostics of a file without those that it says to ignore. A rule that can't run is always reported. */
export function withoutIgnored(text: string, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const lines = ignoredLines(text)
  return diagnostics.filter(({ line, code, severity }) => severity === 'error' || !lines.get(line)?.includes(code))
}
