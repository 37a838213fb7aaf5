// Rules that were asked for and are not there are an error: a run without them would look like a clean bill.
import { resolve, sep } from 'node:path'
import type { RunRules } from '../run/rules.ts'
import { RunError } from './usage.ts'

/** Lines of what is wrong that are printed. */
const MOST = 20

/** Throws RunError when nothing that was loaded comes from one of the paths. */
export async function needRules(rules: RunRules, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const root = resolve(path)
    const isInside = (file: string) => resolve(file) === root || resolve(file).startsWith(root + sep)
    if (rules.set?.rules.some((rule) => isInside(rule.source.file))) continue
    const { ruleFiles } = await import('@crosstalk/sigma')
    const files = ruleFiles([path], [])
    const refused = rules.account.refused.filter(({ file }) => isInside(file))
    if (!files.length && !refused.length) throw new RunError(`there is no Sigma rule (.yml, .yaml) in ${path}`)
    const refusedFiles = new Set(refused.map(({ file }) => file))
    // What is neither a rule nor refused is a filter, a correlation, or a rule below the level asked for.
    if (rules.rules.length && files.some((file) => !refusedFiles.has(file))) continue
    const said = [
      ...refused.slice(0, MOST).map(({ file, line, column, reason }) => `  ${file}:${line}:${column}: ${reason}`),
      ...(refused.length > MOST ? [`  and ${refused.length - MOST} more`] : []),
      ...Object.entries(rules.account.other).map(([what, count]) => `  ${count} ${what}`),
    ]
    throw new RunError(`no rule in ${path} can be run:\n${said.join('\n')}`)
  }
}
