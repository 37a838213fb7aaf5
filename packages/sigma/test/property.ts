// Random rules against random events: the engine and the reference must agree, in every form that an event's bytes can have.
//   node packages/sigma/test/property.ts [--pairs N] [--seed N] [--awkward]      (awkward: texts that are easily mistaken, awkward.ts)
import { parseArgs } from 'node:util'
import { compileRules } from '../src/compile/rule-set.ts'
import type { EventShape, FieldValue } from '../src/event.ts'
import { createMatcher } from '../src/match/matcher.ts'
import { objectEvent } from '../src/match/object-event.ts'
import type { DetectionRule } from '../src/rule.ts'
import { openRuleSet, storeRuleSet } from '../src/store/stored-set.ts'
import { anyJson, awkward, wellFormed } from './awkward.ts'
import { asBytes, event, type Random, random, rule } from './random-rules.ts'
import { matchesReference } from './reference.ts'

const RULES = 40
const EVENTS = 50
const SOURCES = [{ product: 'test' }]

export interface PropertyResult {
  pairs: number
  matches: number
  disagreements: string[]
}

/** Makes the rules and the events of a round; `json`: how its JSON strings are written, unless plainly. */
type Maker = (r: Random) => {
  rules: number
  rule: (id: string) => DetectionRule
  event: () => Record<string, FieldValue>
  json?: (text: string) => string
}

const plain: Maker = (r) => ({ rules: RULES, rule: (id) => rule(r, id), event: () => event(r) })

export const awkwardMaker: Maker = (r) => {
  const escapes = r.pick([0, 0, 0.02, 0.3])
  return { rules: r.pick([RULES, RULES, 400]), ...awkward(r), json: (text) => anyJson(r, text, escapes) }
}

/** Checks at least so many pairs of a rule and an event; each event is matched as object, UTF-8, JSON text and UTF-16. */
export function checkPairs(wanted: number, seed: number, makerOf: Maker = plain): PropertyResult {
  const result: PropertyResult = { pairs: 0, matches: 0, disagreements: [] }
  for (let round = 0; result.pairs < wanted && result.disagreements.length < 20; round++)
    checkRound(seed + round, makerOf, result)
  return result
}

function checkRound(seed: number, makerOf: Maker, result: PropertyResult): void {
  const r = random(seed)
  const maker = makerOf(r)
  const rules = Array.from({ length: maker.rules }, (_, at) => maker.rule(`rule ${at}`))
  const { ruleSet, refused } = compileRules(rules)
  const usable = rules.filter(
    (one) => !refused.some((error) => error.location === one.source && error.message.includes(one.title)),
  )
  const compiled = new Set(ruleSet.rules.map((one) => one.id))
  // Every other one soon looks out for what it has tested.
  const matcher = createMatcher(
    seed % 3 ? ruleSet : openRuleSet(storeRuleSet(ruleSet)),
    seed % 2 ? {} : { adaptAfter: r.pick([1, 100, 2000]) },
  )
  const shapes = new Map<string, EventShape>()
  const shapeOf = (fields: string[]) => {
    const key = fields.join('|')
    if (!shapes.has(key)) shapes.set(key, { fields, aliases: new Map(), logSources: SOURCES, constants: new Map() })
    return shapes.get(key)!
  }
  for (let at = 0; at < EVENTS; at++) {
    const made = maker.event()
    const meant = Object.fromEntries(Object.entries(made).map(([name, value]) => [name, wellFormed(value)]))
    const expected = usable.filter((one) => compiled.has(one.id!) && matchesReference(one, meant)).map((one) => one.id!)
    for (const form of ['object', 'utf8', 'json', 'utf16'] as const) {
      const found: string[] = []
      matcher.match(form === 'object' ? objectEvent(made, SOURCES) : asBytes(made, form, shapeOf, maker.json), (one) =>
        found.push(one.id),
      )
      if (found.join() !== expected.join()) {
        const wrong = [
          ...found.filter((id) => !expected.includes(id)).map((id) => `engine only: ${id}`),
          ...expected.filter((id) => !found.includes(id)).map((id) => `reference only: ${id}`),
        ]
        const which = rules.find((one) => one.id === wrong[0].split(': ')[1])!
        result.disagreements.push(
          `seed ${seed}, event ${at} as ${form}: ${wrong.join(', ')}\n  ${JSON.stringify(made)}\n  ${JSON.stringify([...which.detections])}\n  ${JSON.stringify(which.conditions)}`,
        )
      }
    }
    result.pairs += compiled.size
    result.matches += expected.length
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      pairs: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      awkward: { type: 'boolean' },
    },
  })
  const maker = values.awkward ? awkwardMaker : plain
  const { pairs, matches, disagreements } = checkPairs(Number(values.pairs), Number(values.seed), maker)
  for (const one of disagreements) console.log(one)
  console.log(`${pairs} pairs (each in four forms), ${matches} matches, ${disagreements.length} disagreements`)
  process.exitCode = disagreements.length ? 1 : 0
}
