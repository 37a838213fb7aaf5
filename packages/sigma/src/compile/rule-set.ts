// Rules become trees over atoms. An atom is one test of one field; the same test in a thousand rules is one atom. A compiled set is plain data; store/ makes bytes
// of it for disks and threads.
import { matchesPattern } from '../condition/parse.ts'
import { SigmaError } from '../errors.ts'
import type { LogSource } from '../log-source.ts'
import { applyModifiers, MAX_MADE, ModifierError, messageBehind } from '../modifiers/modifiers.ts'
import type { Test } from '../modifiers/values.ts'
import { meantHint } from '../near-name.ts'
import { documentOf, isMapping, locationIn } from '../parse/rule-document.ts'
import { checkRegex, RegexError } from '../regex/linear.ts'
import type { Condition, Detection, DetectionItem, DetectionRule, Level, Location } from '../rule.ts'
import { and, not, or, type Tree } from './tree.ts'

export type { Tree } from './tree.ts'

/** A test of a field; without a field, of every value of the event (keywords). */
export interface Atom {
  field?: string
  test: Test
}

export interface CompiledRule {
  /** the rule's id, else its title */
  id: string
  title: string
  level: Level
  tags: readonly string[]
  description?: string
  name?: string
  logSource: LogSource
  source: Location
  tree: Tree
  /** fields whose values go with each match, for correlations that are built on the rule */
  asks?: readonly string[]
  /** it gives no matches of its own: a correlation without `generate` is built on it */
  silent?: true
}

export interface RuleSet {
  atoms: readonly Atom[]
  rules: readonly CompiledRule[]
  /** names of all fields that some atom reads; worked out when it is left out, as is what each atom costs (match/handles.ts) */
  names?: readonly string[]
  costs?: Float64Array
}

export interface CompileOptions {
  /** values of placeholders, for `expand` */
  placeholders?: ReadonlyMap<string, readonly string[]>
}

/** More atoms than this of one rule (windash and base64offset multiply) are refused. */
const MAX_ATOMS_PER_RULE = 20_000
/** All regular expressions of a rule together, their repetitions written out: each character of a value may cost that much. */
const MAX_REGEX_PARTS_PER_RULE = 40_000

/** Compiles rules; those that can't be are refused by name and place, the others go on. */
export function compileRules(
  rules: readonly DetectionRule[],
  options: CompileOptions = {},
): { ruleSet: RuleSet; refused: SigmaError[] } {
  const atoms = new AtomTable()
  const compiled: CompiledRule[] = []
  const refused: SigmaError[] = []
  const context = { placeholders: options.placeholders ?? new Map<string, readonly string[]>(), dashParts: true }
  for (const rule of rules) {
    try {
      atoms.begin()
      compiled.push(compileRule(rule, atoms, { ...context, budget: { ...MAX_MADE } }))
    } catch (error) {
      atoms.undo()
      if (!(error instanceof SigmaError)) throw error
      refused.push(error)
    }
  }
  return { ruleSet: { atoms: atoms.list, rules: compiled }, refused }
}

class AtomTable {
  readonly list: Atom[] = []
  readonly #byKey = new Map<string, number>()
  readonly #regexes = new Set<string>()
  #begun = 0
  #regexParts = 0

  /** A rule begins. */
  begin(): void {
    this.#begun = this.list.length
    this.#regexParts = 0
  }

  /** The rule that was begun is refused: what only it had goes. */
  undo(): void {
    for (const { field, test } of this.list.splice(this.#begun)) this.#byKey.delete(keyOf(field, test))
  }

  of(field: string | undefined, test: Test): number {
    const key = keyOf(field, test)
    let index = this.#byKey.get(key)
    if (index === undefined) {
      if (test.kind === 'regex') this.#check(test.source, test.flags)
      index = this.list.length
      if (index - this.#begun >= MAX_ATOMS_PER_RULE)
        throw new ModifierError(`the rule has more than ${MAX_ATOMS_PER_RULE} tests`, 'limit')
      this.list.push(field === undefined ? { test } : { field, test })
      this.#byKey.set(key, index)
    }
    return index
  }

  /** A pattern that can't run is refused with its rule, before anything is matched. */
  #check(source: string, flags: string): void {
    const key = `${flags}/${source}`
    if (this.#regexes.has(key)) return
    this.#regexParts += checkRegex(source, flags)
    if (this.#regexParts > MAX_REGEX_PARTS_PER_RULE)
      throw new ModifierError(
        `the regular expressions of the rule, their repetitions written out, have more than ${MAX_REGEX_PARTS_PER_RULE} parts`,
        'limit',
      )
    this.#regexes.add(key)
  }
}

function keyOf(field: string | undefined, test: Test): string {
  if (test.kind !== 'pattern') return `${field ?? ''}\u0000${JSON.stringify(test)}`
  let key = `${field ?? ''}\u0000${test.cased ? 'cased' : ''}`
  for (const part of test.pattern) key += typeof part === 'string' ? `\u0000"${part}` : `\u0000${part}`
  return key
}

type Context = Parameters<typeof applyModifiers>[3]

function compileRule(rule: DetectionRule, atoms: AtomTable, context: Context): CompiledRule {
  const trees = new Map<string, Tree>()
  for (const [name, detection] of rule.detections) trees.set(name, detectionTree(detection, atoms, context, rule))
  const { product, category, service } = rule.logSource
  return {
    id: rule.id ?? rule.title,
    title: rule.title,
    level: rule.level ?? 'informational',
    tags: rule.tags,
    ...(rule.description && { description: rule.description }),
    ...(rule.name && { name: rule.name }),
    logSource: { ...(product && { product }), ...(category && { category }), ...(service && { service }) },
    source: rule.source,
    tree: or(rule.conditions.map((condition) => conditionTree(condition, trees, rule))),
  }
}

function detectionTree(detection: Detection, atoms: AtomTable, context: Context, rule: DetectionRule): Tree {
  if (detection.kind === 'item') return itemTree(detection.item, atoms, context, rule)
  const parts = detection.parts.map((part) => detectionTree(part, atoms, context, rule))
  return detection.kind === 'and' ? and(parts) : or(parts)
}

function itemTree(item: DetectionItem, atoms: AtomTable, context: Context, rule: DetectionRule): Tree {
  try {
    const { tests, negated } = applyModifiers(item.modifiers, item.values, item.field === undefined, context)
    const values = tests.map((forms) => or(forms.map((test) => atoms.of(item.field, test))))
    const tree = item.all ? and(values) : or(values)
    return negated ? not(tree) : tree
  } catch (error) {
    if (error instanceof ModifierError || error instanceof RegexError) {
      const code = error instanceof RegexError ? 'regex' : error.code
      throw new SigmaError(code, messageBehind(item, error.message), locationIn(rule, item))
    }
    throw error
  }
}

function conditionTree(condition: Condition, trees: ReadonlyMap<string, Tree>, rule: DetectionRule): Tree {
  switch (condition.kind) {
    case 'identifier': {
      const tree = trees.get(condition.name)
      if (tree === undefined)
        throw new SigmaError(
          'identifier',
          `the condition names "${condition.name}", which the detection does not have${meantHint(condition.name, trees.keys())}`,
          conditionPlace(rule),
        )
      return tree
    }
    case 'of': {
      const found = [...trees].filter(([name]) => matchesPattern(name, condition.pattern)).map(([, tree]) => tree)
      if (!found.length)
        throw new SigmaError(
          'identifier',
          `no search identifier fits "${condition.pattern}": there are ${[...trees.keys()].slice(0, 5).join(', ')}`,
          conditionPlace(rule),
        )
      if (condition.quantifier === 'all') return and(found)
      if (condition.quantifier === 'any' || condition.quantifier === 1) return or(found)
      if (choices(found.length, condition.quantifier) > MAX_CHOICES)
        throw new SigmaError(
          'limit',
          `${condition.quantifier} of ${found.length}: more than ${MAX_CHOICES} choices`,
          conditionPlace(rule),
        )
      return atLeast(condition.quantifier, found)
    }
    case 'and':
      return and(condition.parts.map((part) => conditionTree(part, trees, rule)))
    case 'or':
      return or(condition.parts.map((part) => conditionTree(part, trees, rule)))
    case 'not':
      return not(conditionTree(condition.part, trees, rule))
  }
}

/** Of a filter that is looked at on its own, too. */
const conditionPlace = (rule: DetectionRule): Location =>
  locationIn(rule, [isFilter(rule) ? 'filter' : 'detection', 'condition'])

const isFilter = (rule: DetectionRule): boolean => {
  const document = documentOf(rule)?.value
  return isMapping(document) && !('detection' in document) && 'filter' in document
}

/** `2 of s*` is written out as every choice of two; more than so many are refused. */
const MAX_CHOICES = 2000

function choices(all: number, chosen: number): number {
  let count = 1
  for (let at = 1; at <= Math.min(chosen, all - chosen) && count <= MAX_CHOICES; at++)
    count = (count * (all - at + 1)) / at
  return count
}

/** `2 of`: every choice of so many, as long as there are few. */
function atLeast(count: number, trees: readonly Tree[]): Tree {
  if (count > trees.length) return false
  if (count === trees.length) return and(trees)
  if (count === 1) return or(trees)
  const [first, ...rest] = trees
  return or([and([first, atLeast(count - 1, rest)]), atLeast(count, rest)])
}
