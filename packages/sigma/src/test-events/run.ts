// rules test: every rule against its own events, with the engine that a hunt uses.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { compileRules } from '../compile/rule-set.ts'
import { createCorrelator } from '../correlation/correlator.ts'
import { type ResolveRule, ruleIndex, ruleKey } from '../correlation/resolve.ts'
import { SigmaError } from '../errors.ts'
import { applyFilters } from '../filters/apply.ts'
import { loadRules, ruleFiles } from '../load/load.ts'
import { createMatcher, type Matcher } from '../match/matcher.ts'
import { objectEvent } from '../match/object-event.ts'
import type { CorrelationRule, DetectionRule, Rule } from '../rule.ts'
import { type EventCase, eventsFileOf, parseEventCases } from './read.ts'

export interface CaseResult {
  readonly case: EventCase
  /** place among all cases of the file, from 0 */
  readonly number: number
  readonly matched: boolean
  readonly passed: boolean
}

export interface RuleTest {
  readonly file: string
  readonly rule: Pick<Rule, 'id' | 'title'>
  /** `no-events`: there is no file of events, or no case in it is for this rule */
  readonly status: 'passed' | 'failed' | 'no-events'
  readonly results: readonly CaseResult[]
}

export interface TestResult {
  readonly rules: readonly RuleTest[]
  /** rules that did not load, and files of events that can't be read */
  readonly refused: readonly SigmaError[]
  readonly cases: number
  readonly failed: number
}

export interface TestOptions {
  /** values of placeholders, for `expand` */
  placeholders?: ReadonlyMap<string, readonly string[]>
  /** apply the filters that are among the rules (default true) */
  filters?: boolean
}

/** Runs every rule below the paths against its own events. */
export function testPaths(paths: readonly string[], options: TestOptions = {}): TestResult {
  const loaded = loadRules(paths)
  const refused = [...loaded.refused]
  const detections = options.filters === false ? loaded.rules : applyFilters(loaded.rules, loaded.filters).rules
  const compiled = compileRules(detections, { placeholders: options.placeholders })
  refused.push(...compiled.refused)
  const runnable = new Set(compiled.ruleSet.rules.map(({ source }) => source))
  const all: (DetectionRule | CorrelationRule)[] = [
    ...detections.filter(({ source }) => runnable.has(source)),
    ...loaded.correlations,
  ]
  const run = createRunner(all, options)
  const cases = new Map<string, readonly EventCase[]>()
  const rules = all
    .filter((rule) => !rule.id?.endsWith('#events'))
    .map((rule): RuleTest => {
      const { file } = rule.source
      if (!cases.has(file)) cases.set(file, readCases(file, refused))
      const own = casesFor(rule, cases.get(file)!, all)
      const results = own.map(({ one, number }): CaseResult => {
        const matched = run(rule, one)
        return { case: one, number, matched, passed: matched === one.expected }
      })
      const status = !results.length ? 'no-events' : results.every(({ passed }) => passed) ? 'passed' : 'failed'
      return { file, rule: { id: rule.id, title: rule.title }, status, results }
    })
  refused.push(...orphans(paths))
  for (const [file, own] of cases) refused.push(...strayCases(file, own, all))
  const results = rules.flatMap((rule) => rule.results)
  return { rules, refused, cases: results.length, failed: results.filter(({ passed }) => !passed).length }
}

function readCases(ruleFile: string, refused: SigmaError[]): readonly EventCase[] {
  const file = eventsFileOf(ruleFile)
  if (file === ruleFile || !existsSync(file)) return []
  try {
    return parseEventCases(readFileSync(file, 'utf8'), file)
  } catch (error) {
    if (error instanceof SigmaError) refused.push(error)
    else
      refused.push(
        new SigmaError('unreadable', `can't be read: ${(error as Error).message}`, { file, line: 1, column: 1 }),
      )
    return []
  }
}

/** Cases that name the rule, and those that name none when it is the one that the file is about: its only rule, or its outermost correlation. */
function casesFor(
  rule: DetectionRule | CorrelationRule,
  cases: readonly EventCase[],
  all: readonly (DetectionRule | CorrelationRule)[],
): { one: EventCase; number: number }[] {
  const beside = all.filter(({ source }) => source.file === rule.source.file)
  const main = beside.filter(({ kind }) => kind === 'correlation').at(-1) ?? (beside.length === 1 ? rule : beside[0])
  return cases
    .map((one, number) => ({ one, number }))
    .filter(({ one }) =>
      one.rule === undefined ? rule === main : one.rule.toLowerCase() === rule.id || one.rule === rule.name,
    )
}

/** Files of events beside which the rule is gone, as one that was renamed. */
function orphans(paths: readonly string[]): SigmaError[] {
  const folders = new Set(ruleFiles(paths, []).map((file) => dirname(file)))
  return [...folders].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.events.json'))
      .flatMap((name) => {
        const rule = join(folder, name.slice(0, -'.events.json'.length))
        if (['.yml', '.yaml', '.YML', '.YAML'].some((end) => existsSync(rule + end))) return []
        return [
          new SigmaError('reference', `there is no rule ${basename(rule)}.yml beside it`, {
            file: join(folder, name),
            line: 1,
            column: 1,
          }),
        ]
      }),
  )
}

/** Cases that name a rule which the file does not have: they would never be run, and never be missed. */
function strayCases(
  ruleFile: string,
  cases: readonly EventCase[],
  all: readonly (DetectionRule | CorrelationRule)[],
): SigmaError[] {
  const beside = all.filter(({ source }) => source.file === ruleFile)
  return cases.flatMap(({ rule }, at) => {
    if (rule === undefined || beside.some(({ id, name }) => rule.toLowerCase() === id || rule === name)) return []
    const where = { file: eventsFileOf(ruleFile), line: 1, column: 1 }
    return [
      new SigmaError(
        'reference',
        `event ${at + 1} is for the rule "${rule}", which the rule file does not have`,
        where,
      ),
    ]
  })
}

type Runner = (rule: DetectionRule | CorrelationRule, one: EventCase) => boolean

/** Runs a case of a rule: the rule and those that a correlation is built on are compiled once, for all of its cases. */
function createRunner(all: readonly (DetectionRule | CorrelationRule)[], options: TestOptions): Runner {
  const find = ruleIndex(all)
  let last: { rule: Rule; matcher: Matcher; correlations: CorrelationRule[] } | undefined
  return (rule, one) => {
    if (last?.rule !== rule) {
      const needed = neededFor(rule, find)
      const detections = needed.filter((each): each is DetectionRule => each.kind === 'rule')
      const { ruleSet } = compileRules(detections, { placeholders: options.placeholders })
      const correlations = needed.filter((each): each is CorrelationRule => each.kind === 'correlation')
      last = { rule, matcher: createMatcher(ruleSet), correlations }
    }
    return matches(rule, one, last.matcher, last.correlations, find)
  }
}

function matches(
  rule: Rule,
  { events }: EventCase,
  matcher: Matcher,
  correlations: readonly CorrelationRule[],
  find: ResolveRule,
): boolean {
  let matched = false
  const correlator = createCorrelator(correlations, find, {
    lateness: Number.POSITIVE_INFINITY,
    onMatch: (match) => {
      if (match.rule === rule) matched = true
    },
  })
  events.forEach(({ event, logSource, time }, at) => {
    const view = objectEvent(event, [logSource])
    matcher.match(view, ({ id }) => {
      if (id === ruleKey(rule)) matched = true
      correlator.push({
        rule: id,
        time,
        key: String(at),
        field: (name) => view.value(view.shape.fields.indexOf(name)),
      })
    })
  })
  correlator.finish()
  return matched
}

function neededFor(rule: Rule, find: ResolveRule): Rule[] {
  const needed = new Set<Rule>()
  const open = [rule]
  for (let one = open.pop(); one; one = open.pop()) {
    if (needed.has(one)) continue
    needed.add(one)
    if (one.kind === 'correlation') open.push(...one.rules.flatMap((reference) => find(reference) ?? []))
  }
  return [...needed]
}
