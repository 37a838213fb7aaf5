// Rule files and folders → rules. Whatever can't be a rule is refused by name, file, line, column and reason; the others load.
import { isUtf8 } from 'node:buffer'
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { resolveCorrelations, ruleIndex } from '../correlation/resolve.ts'
import { SigmaError } from '../errors.ts'
import { brokenFilter, missingTargets } from '../filters/apply.ts'
import { parseRule } from '../parse/rule.ts'
import { isMapping, type Mapping } from '../parse/rule-document.ts'
import { type YamlDocument, yamlDocuments } from '../parse/yaml.ts'
import type { CorrelationRule, DetectionRule, FilterRule, Rule } from '../rule.ts'

/** More is not read at once. */
const MAX_FILE_BYTES = 64 << 20
/** When so many documents of a file, or documents of so many characters, are no rules, the rest of it is left unread: it is another kind of file. */
const MAX_REFUSED = 1000
/** More documents of a file are not read: SigmaHQ has 4,000 rules in all. */
const MAX_DOCUMENTS = 20_000
const MAX_REFUSED_CHARACTERS = 1 << 20

export interface LoadedRules {
  rules: DetectionRule[]
  /** each behind those that it is built on; all that they refer to is there */
  correlations: CorrelationRule[]
  filters: FilterRule[]
  /** what did not load, in the order of the files; references that lead nowhere at the end */
  refused: SigmaError[]
  /** what loaded and should be written otherwise: forms of Sigma 1, filters that name rules that are not there */
  reported: SigmaError[]
  /** files that were read */
  files: number
}

/**
 * Rules of one text. `refused` has what is wrong with it, `reported` what is deprecated. `isUtf8`: false when the text was made of bytes that are not all UTF-8.
 */
export function parseRules(
  text: string,
  file: string,
  isUtf8 = true,
): { rules: Rule[]; refused: SigmaError[]; reported: SigmaError[] } {
  const rules: Rule[] = []
  const reported: SigmaError[] = []
  const refused: SigmaError[] = []
  const globals = new Globals(reported)
  let refusedCharacters = 0
  let documents = 0
  for (const document of yamlDocuments(text, file, isUtf8)) {
    const before = refused.length
    documents++
    try {
      if (document instanceof SigmaError) throw document
      const completed = globals.apply(document)
      const parsed = completed && parseRule(completed)
      for (const rule of parsed?.rules ?? []) rules.push(rule)
      for (const error of parsed?.deprecated ?? []) reported.push(error)
    } catch (error) {
      if (!(error instanceof SigmaError)) throw error
      refused.push(error)
    }
    if (refused.length > before && !(document instanceof SigmaError)) refusedCharacters += document.text.length
    const isOther = refused.length >= MAX_REFUSED || refusedCharacters >= MAX_REFUSED_CHARACTERS
    if (!isOther && documents < MAX_DOCUMENTS) continue
    const why = isOther ? 'too much of the file is no rule' : `the file has ${MAX_DOCUMENTS} documents`
    const where = document instanceof SigmaError ? document.location : document.locate([])
    refused.push(new SigmaError('limit', `${why}: what is behind this one is not read`, where))
    break
  }
  if (!documents) refused.push(new SigmaError('structure', 'the file holds no rule', { file, line: 1, column: 1 }))
  return { rules, refused, reported }
}

const ACTIONS: readonly string[] = ['global', 'reset', 'repeat']

/**
 * Sigma 1, "Rule Collections": the parts of `action: global` documents, all of them together, belong to every rule behind them until `action: reset`; `action: repeat` is the rule before
 * it once more, with other parts. What a document says itself is what counts.
 */
class Globals {
  readonly #reported: SigmaError[]
  #global: Mapping | undefined
  #previous: Mapping | undefined
  readonly #inherited = new Map<unknown, number>()

  constructor(reported: SigmaError[]) {
    this.#reported = reported
  }

  /** The document with what belongs to it; undefined when it is none of its own. */
  apply(document: YamlDocument): YamlDocument | undefined {
    const { value } = document
    if (!isMapping(value)) return document
    if (typeof value.action !== 'string' || !ACTIONS.includes(value.action)) {
      // Correlations and filters are of Sigma 2, which has no such parts.
      if ('correlation' in value || 'filter' in value) return document
      const rule = this.#global ? this.#inherit(this.#global, value) : value
      this.#previous = rule
      return { ...document, value: rule }
    }
    const { action, ...rest } = value
    this.#reported.push(
      new SigmaError('deprecated', `action: ${action} is Sigma 1: write each rule out`, document.locate(['action'])),
    )
    if (action === 'global') this.#global = merged(this.#global ?? {}, rest)
    if (action === 'reset') this.#global = undefined
    if (action !== 'repeat') return undefined
    this.#previous = this.#inherit(this.#previous ?? this.#global ?? {}, rest)
    return { ...document, value: this.#previous }
  }

  /** Several rules that have one id from the same document are told apart by a number. */
  #inherit(from: Mapping, own: Mapping): Mapping {
    const rule = merged(from, own)
    if ('id' in own || rule.id === undefined) return rule
    const id = String(rule.id).replace(/#\d+$/, '')
    const count = (this.#inherited.get(id) ?? (from === this.#previous ? 1 : 0)) + 1
    this.#inherited.set(id, count)
    return { ...rule, id: count > 1 ? `${id}#${count}` : id }
  }
}

/** Keys may be anything, `__proto__` too. */
function merged(under: Mapping, over: Mapping): Mapping {
  const all = new Map(Object.entries(under))
  for (const [name, value] of Object.entries(over)) {
    const below = all.get(name)
    all.set(name, isMapping(value) && isMapping(below) ? merged(below, value) : value)
  }
  return Object.fromEntries(all)
}

const RULE_FILE = /\.ya?ml$/i

/** All rule files (`.yml`, `.yaml`) of the paths, folders followed down; links that lead in a circle are followed once. Sorted. */
export function ruleFiles(paths: readonly string[], refused: SigmaError[]): string[] {
  const files: string[] = []
  const seen = new Set<string>()
  const inFolder = (path: string, real: string) => {
    if (seen.has(real)) return
    seen.add(real)
    const entries = readdirSync(path, { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = join(path, entry.name)
      if (entry.isDirectory()) attempt(inner, () => inFolder(inner, real + sep + entry.name))
      else if (!entry.isFile()) visit(inner, false)
      else if (RULE_FILE.test(entry.name)) files.push(inner)
    }
  }
  const visit = (path: string, asked: boolean) =>
    attempt(path, () => {
      const stat = statSync(path)
      if (stat.isDirectory()) inFolder(path, realpathSync(path))
      else if (asked || (stat.isFile() && RULE_FILE.test(path))) files.push(path)
    })
  const attempt = (path: string, act: () => void) => {
    try {
      act()
    } catch (error) {
      refused.push(new SigmaError('unreadable', unreadableReason(error), { file: path, line: 1, column: 1 }))
    }
  }
  for (const path of paths) visit(path, true)
  return files
}

/** Why a file or folder can't be read, in plain words where there are some. */
export function unreadableReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file or folder'
  if (code === 'EACCES' || code === 'EPERM') return "can't be read: permission denied"
  return `can't be read: ${message}`
}

/** Loads everything below the paths. Rules with an id that an earlier one has are refused. */
export function loadRules(paths: readonly string[]): LoadedRules {
  const loaded: LoadedRules = { rules: [], correlations: [], filters: [], refused: [], reported: [], files: 0 }
  const byId = new Map<string, Rule>()
  for (const file of ruleFiles(paths, loaded.refused)) {
    let read: { text: string; isUtf8: boolean }
    try {
      read = readRuleFile(file)
    } catch (error) {
      loaded.refused.push(new SigmaError('unreadable', unreadableReason(error), { file, line: 1, column: 1 }))
      continue
    }
    loaded.files++
    const { rules, refused, reported } = parseRules(read.text, file, read.isUtf8)
    loaded.refused = loaded.refused.concat(refused)
    loaded.reported = loaded.reported.concat(reported)
    for (const rule of rules) add(loaded, byId, rule)
  }
  resolveReferences(loaded)
  return loaded
}

/** The text of a rule file. Throws when it is too large, is no UTF-8 at all, or can't be read. */
export function readRuleFile(file: string): { text: string; isUtf8: boolean } {
  const { size } = statSync(file)
  if (size > MAX_FILE_BYTES) throw new Error(`it has ${size} bytes; rule files have at most ${MAX_FILE_BYTES}`)
  const bytes = readFileSync(file)
  const mark = bytes.length >= 2 ? bytes.readUInt16LE(0) : 0
  if (mark === 0xfeff || mark === 0xfffe) throw new Error('it is UTF-16; rules are written in UTF-8')
  return { text: bytes.toString('utf8'), isUtf8: isUtf8(bytes) }
}

/** Correlations and filters whose references lead nowhere go to `refused`, and filters that can't run: the rules that they are for go on without them. */
function resolveReferences(loaded: LoadedRules): void {
  loaded.filters = loaded.filters.filter((filter) => {
    const broken = brokenFilter(filter)
    if (broken) loaded.refused.push(broken)
    return !broken
  })
  if (!loaded.correlations.length && !loaded.filters.length) return
  const find = ruleIndex([...loaded.rules, ...loaded.correlations, ...loaded.filters])
  const { ordered, refused } = resolveCorrelations(loaded.correlations, find)
  loaded.correlations = ordered
  loaded.refused.push(...refused)
  loaded.filters = loaded.filters.filter((filter) => {
    const missing = missingTargets(filter, find)
    const isUseless = filter.rules !== 'any' && missing.length === filter.rules.length
    ;(isUseless ? loaded.refused : loaded.reported).push(...missing)
    return !isUseless
  })
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
