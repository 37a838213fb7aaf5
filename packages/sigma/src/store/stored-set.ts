// A compiled set as bytes, for disks and threads. Opening it costs a few milliseconds, because nothing is read before it is asked for: of thousands of rules and tens of
// thousands of atoms, telemetry of one kind needs a part.
import type { Atom, CompiledRule, RuleSet, Tree } from '../compile/rule-set.ts'
import type { LogSource } from '../log-source.ts'
import { costOf } from '../match/handles.ts'
import type { Test } from '../modifiers/values.ts'
import type { Level } from '../rule.ts'
import { joinParts, splitParts, Texts } from './parts.ts'
import { readTest, writeTest } from './stored-test.ts'

/** What is asked of every rule in every run; the rest lies in texts of its own. */
interface Index {
  readonly fields: readonly string[]
  readonly names: readonly string[]
  readonly logSources: readonly LogSource[]
  readonly rules: readonly {
    readonly id: string
    readonly level: Level
    readonly logSource: number
    readonly silent?: true
  }[]
}

/** The rest of a rule, as JSON; its tree is a text of its own. */
type Rest = Omit<CompiledRule, 'id' | 'level' | 'logSource' | 'silent' | 'tree'>

export function storeRuleSet({ atoms, rules }: RuleSet): Uint8Array<ArrayBuffer> {
  const fields = new Map<string, number>()
  const names = new Set<string>()
  const logSources = new Map<string, number>()
  const fieldOf = Int32Array.from(atoms, ({ field }) => (field === undefined ? NO_FIELD : indexOf(fields, field)))
  for (const { field, test } of atoms) {
    if (field !== undefined) names.add(field)
    if (test.kind === 'fieldref') names.add(test.field)
  }
  const index: Index = {
    fields: [],
    names: [...names],
    logSources: [],
    rules: rules.map(({ id, level, logSource, silent }) => ({
      id,
      level,
      logSource: indexOf(logSources, JSON.stringify(logSource)),
      ...(silent && { silent }),
    })),
  }
  const rests = rules.map(({ id, level, logSource, silent, tree, ...rest }) => JSON.stringify(rest))
  return joinParts([
    JSON.stringify({
      ...index,
      fields: [...fields.keys()],
      logSources: [...logSources.keys()].map((one) => JSON.parse(one)),
    }),
    fieldOf,
    Float64Array.from(atoms, costOf),
    ...Texts.parts(atoms.map(({ test }) => writeTest(test))),
    ...Texts.parts(rests),
    ...Texts.parts(rules.map(({ tree }) => JSON.stringify(tree))),
  ])
}

const NO_FIELD = -1

function indexOf(table: Map<string, number>, key: string): number {
  const known = table.get(key)
  if (known !== undefined) return known
  table.set(key, table.size)
  return table.size - 1
}

/** The set that `storeRuleSet` stored. Throws when the bytes are something else. */
export function openRuleSet(bytes: Uint8Array): RuleSet {
  const parts = splitParts(bytes)
  const { fields, names, logSources, rules } = JSON.parse(parts.text()) as Index
  const fieldOf = parts.int32()
  const costs = parts.float64()
  const tests = new Texts(parts)
  const rests = new Texts(parts)
  const trees = new Texts(parts)
  return {
    atoms: Array.from(fieldOf, (field, at) => new StoredAtom(field < 0 ? undefined : fields[field], at, tests)),
    rules: rules.map(
      ({ id, level, logSource, silent }, at) =>
        new StoredRule(id, level, logSources[logSource], silent, at, rests, trees),
    ),
    names,
    costs,
  }
}

class StoredAtom implements Atom {
  readonly field: string | undefined
  readonly #at: number
  readonly #tests: Texts
  #test: Test | undefined

  constructor(field: string | undefined, at: number, tests: Texts) {
    this.field = field
    this.#at = at
    this.#tests = tests
  }

  get test(): Test {
    this.#test ??= readTest(this.#tests.at(this.#at))
    return this.#test
  }
}

class StoredRule implements CompiledRule {
  readonly id: string
  readonly level: Level
  readonly logSource: LogSource
  readonly silent: true | undefined
  readonly #at: number
  readonly #rests: Texts
  readonly #trees: Texts
  #known: Rest | undefined
  #tree: Tree | undefined

  constructor(
    id: string,
    level: Level,
    logSource: LogSource,
    silent: true | undefined,
    at: number,
    rests: Texts,
    trees: Texts,
  ) {
    this.id = id
    this.level = level
    this.logSource = logSource
    this.silent = silent
    this.#at = at
    this.#rests = rests
    this.#trees = trees
  }

  get #rest(): Rest {
    this.#known ??= JSON.parse(this.#rests.at(this.#at)) as Rest
    return this.#known
  }

  get title(): string {
    return this.#rest.title
  }

  get tags(): readonly string[] {
    return this.#rest.tags
  }

  get description(): string | undefined {
    return this.#rest.description
  }

  get name(): string | undefined {
    return this.#rest.name
  }

  get source(): CompiledRule['source'] {
    return this.#rest.source
  }

  get asks(): readonly string[] | undefined {
    return this.#rest.asks
  }

  get tree(): Tree {
    this.#tree ??= JSON.parse(this.#trees.at(this.#at)) as Tree
    return this.#tree
  }
}
