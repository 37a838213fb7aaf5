// Rule files and folders → rules. Whatever can't be a rule is refused by name, file, line, column and reason; the others load.
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SigmaError } from '../errors.ts'
import { isMapping, parseRule } from '../parse/rule.ts'
import { parseYaml, type YamlDocument } from '../parse/yaml.ts'
import type { CorrelationRule, DetectionRule, FilterRule, Rule } from '../rule.ts'

export interface LoadedRules {
  rules: DetectionRule[]
  correlations: CorrelationRule[]
  filters: FilterRule[]
  /** what did not load, in the order of the files */
  refused: SigmaError[]
  /** files that were read */
  files: number
}

/** Rules of one text. `refused` has what is wrong with it. */
export function parseRules(text: string, file: string): { rules: Rule[]; refused: SigmaError[] } {
  const rules: Rule[] = []
  const refused: SigmaError[] = []
  let documents: YamlDocument[]
  try {
    documents = parseYaml(text, file)
  } catch (error) {
    if (!(error instanceof SigmaError)) throw error
    return { rules, refused: [error] }
  }
  for (const document of withGlobals(documents)) {
    try {
      rules.push(parseRule(document))
    } catch (error) {
      if (!(error instanceof SigmaError)) throw error
      refused.push(error)
    }
  }
  if (!documents.length)
    refused.push(new SigmaError('structure', 'the file holds no rule', { file, line: 1, column: 1 }))
  return { rules, refused }
}

/** `action: global` (Sigma 1): its parts belong to every document behind it; `action: reset` ends that. */
function withGlobals(documents: readonly YamlDocument[]): YamlDocument[] {
  let global: Record<string, unknown> | undefined
  return documents.flatMap((document) => {
    const { value } = document
    if (!isMapping(value) || value.action === undefined)
      return global && isMapping(value) ? [{ ...document, value: merged(global, value) }] : [document]
    const { action, ...rest } = value
    if (action === 'global') global = rest
    if (action === 'reset') global = undefined
    return action === 'repeat' ? [{ ...document, value: merged(global ?? {}, rest) }] : []
  })
}

function merged(under: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const all: Record<string, unknown> = { ...under }
  for (const [name, value] of Object.entries(over)) {
    const below = all[name]
    all[name] = isMapping(value) && isMapping(below) ? merged(below, value) : value
  }
  return all
}

/** All rule files (`.yml`, `.yaml`) of the paths, folders followed down; links that lead in a circle are followed once. Sorted. */
export function ruleFiles(paths: readonly string[], refused: SigmaError[]): string[] {
  const files: string[] = []
  const seen = new Set<string>()
  const visit = (path: string, asked: boolean) => {
    try {
      if (statSync(path).isDirectory()) {
        const real = realpathSync(path)
        if (seen.has(real)) return
        seen.add(real)
        for (const name of readdirSync(path).sort()) visit(join(path, name), false)
      } else if (asked || /\.ya?ml$/i.test(path)) files.push(path)
    } catch (error) {
      refused.push(
        new SigmaError('unreadable', `can't be read: ${(error as Error).message}`, { file: path, line: 1, column: 1 }),
      )
    }
  }
  for (const path of paths) visit(path, true)
  return files
}

/** Loads everything below the paths. Rules with an id that an earlier one has are refused. */
export function loadRules(paths: readonly string[]): LoadedRules {
  const loaded: LoadedRules = { rules: [], correlations: [], filters: [], refused: [], files: 0 }
  const byId = new Map<string, Rule>()
  for (const file of ruleFiles(paths, loaded.refused)) {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (error) {
      loaded.refused.push(
        new SigmaError('unreadable', `can't be read: ${(error as Error).message}`, { file, line: 1, column: 1 }),
      )
      continue
    }
    loaded.files++
    const { rules, refused } = parseRules(text, file)
    loaded.refused.push(...refused)
    for (const rule of rules) add(loaded, byId, rule)
  }
  return loaded
}

function add(loaded: LoadedRules, byId: Map<string, Rule>, rule: Rule): void {
  const other = rule.id === undefined ? undefined : byId.get(rule.id)
  if (other) {
    loaded.refused.push(
      new SigmaError(
        'duplicate',
        `the id ${rule.id} is that of "${other.title}" too (${other.source.file}:${other.source.line})`,
        rule.source,
      ),
    )
    return
  }
  if (rule.id !== undefined) byId.set(rule.id, rule)
  if (rule.kind === 'rule') loaded.rules.push(rule)
  else if (rule.kind === 'correlation') loaded.correlations.push(rule)
  else loaded.filters.push(rule)
}
