// The readers' bytes against the same values as an object: rules must match the same, whatever the spelling of JSON and in UTF-16. What an object matches is compared with a
// reference by packages/sigma/test/property.ts.
//   node packages/crosstalk/test/matching.ts [--pairs N] [--seed N]
import { parseArgs } from 'node:util'
import { writeEvtx } from '@crosstalk/evtx'
import { compileRules, createMatcher, type FieldValue, objectEvent } from '@crosstalk/sigma'
import { anyJson, awkward } from '../../sigma/test/awkward.ts'
import { type Random, random } from '../../sigma/test/random-rules.ts'
import type { SourceEvent } from '../src/events/event.ts'
import { fromMemory } from '../src/sources/containers/read-bytes.ts'
import { evtx } from '../src/sources/evtx/index.ts'
import type { Source } from '../src/sources/source.ts'
import { windowsJson } from '../src/sources/windows-json/windows-json.ts'

type Fields = Record<string, FieldValue>

const RULES = 200
const EVENTS = 50
const HEADER = { provider: 'Test', channel: 'Test/Operational', computer: 'h', time: '2026-01-01T00:00:00Z' }

export interface MatchingResult {
  pairs: number
  matches: number
  disagreements: string[]
}

/** Checks at least so many pairs of a rule and an event, each read as JSON lines and from an event log. */
export async function checkReaders(wanted: number, seed: number): Promise<MatchingResult> {
  const result: MatchingResult = { pairs: 0, matches: 0, disagreements: [] }
  for (let round = 0; result.pairs < wanted && result.disagreements.length < 20; round++)
    await checkRound(seed + round, result)
  return result
}

async function checkRound(seed: number, result: MatchingResult): Promise<void> {
  const r = random(seed)
  // Keywords look at a record's header too, which the object does not have.
  const maker = awkward(r, false)
  const rules = Array.from({ length: RULES }, (_, at) => ({ ...maker.rule(`rule ${at}`), logSource: {} }))
  const { ruleSet } = compileRules(rules)
  const events = Array.from({ length: EVENTS }, () => maker.event()).filter((one) => Object.keys(one).length > 0)
  const matcher = createMatcher(ruleSet)
  const read = async (source: Source, bytes: Buffer, meant: readonly Fields[]) => {
    const found = await matchesOf(source, bytes, createMatcher(ruleSet, { adaptAfter: r.pick([1, 100, 200_000]) }))
    meant.forEach((fields, at) => {
      const expected: string[] = []
      matcher.match(objectEvent(fields, [{ product: 'windows' }]), ({ id }) => expected.push(id))
      if (expected.join() !== found[at])
        result.disagreements.push(
          `seed ${seed}, event ${at} by ${source.format}: ${found[at]}\n  not ${expected}\n  ${JSON.stringify(fields)}`,
        )
      result.matches += expected.length
    })
    result.pairs += ruleSet.rules.length * meant.length
  }
  const lines = events.map((fields) => jsonLine(r, fields))
  await read(windowsJson, Buffer.from(lines.join('')), lines.map(meaningOf))
  const loggable = events.map(asLogged)
  const log = writeEvtx(loggable.map((eventData) => ({ ...HEADER, eventId: r.below(3), eventData })))
  await read(evtx, Buffer.from(log), loggable)
}

async function matchesOf(source: Source, bytes: Buffer, matcher: ReturnType<typeof createMatcher>): Promise<string[]> {
  const found: string[] = []
  const onEvent = (event: SourceEvent) => {
    const ids: string[] = []
    matcher.match(event, ({ id }) => ids.push(id))
    found.push(ids.join())
  }
  await source.read(fromMemory('x', bytes), undefined, {}, onEvent, (skip) => found.push(skip.reason))
  return found
}

/** A record of Winlogbeat's, its own fields in any order and spelling, some twice: the last one counts. */
function jsonLine(r: Random, fields: Fields): string {
  const escapes = r.pick([0, 0, 0.02, 0.3])
  const written = (value: FieldValue): string => {
    if (typeof value === 'string') return `"${anyJson(r, value, escapes)}"`
    if (Array.isArray(value)) return `[${value.map(written).join(r.pick([',', ' , ']))}]`
    if (value === 1) return r.pick(['1', '1.0', '1e0', '10E-1'])
    return value === 0 ? r.pick(['0', '-0', '0.0', '0e5']) : JSON.stringify(value)
  }
  const data = Object.entries(fields).flatMap(([name, value]) => {
    const twice = r.chance(0.04) ? [`"${name}":${r.pick(['"x"', '7', 'null', '[]'])}`] : []
    const space = r.pick(['', ' ', '\t'])
    return [...twice, `"${r.chance(0.1) ? anyJson(r, name, 0.5) : name}"${space}:${space}${written(value)}`]
  })
  return `{"@timestamp":"${HEADER.time}","winlog":{"channel":"${HEADER.channel}","provider_name":"Test","event_id":${r.below(3)},"record_id":1,"computer_name":"h","event_data":{${data.join(r.pick([',', ', ']))}}}}\n`
}

const meaningOf = (line: string): Fields => JSON.parse(line).winlog.event_data

/** What an event log holds of an event: no lists, no null, no fractions, text up to its first NUL. */
function asLogged(fields: Fields): Record<string, string | number | boolean> {
  const logged: Record<string, string | number | boolean> = { Always: 1 }
  for (const [name, value] of Object.entries(fields)) {
    const text = typeof value === 'string' ? value.split('\0')[0] : ''
    if (text) logged[name] = text
    else if (typeof value === 'boolean' || (typeof value === 'number' && (value | 0) === value)) logged[name] = value
  }
  return logged
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { pairs: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
  })
  const { pairs, matches, disagreements } = await checkReaders(Number(values.pairs), Number(values.seed))
  for (const one of disagreements) console.log(one)
  console.log(`${pairs} pairs, ${matches} matches, ${disagreements.length} disagreements`)
  process.exitCode = disagreements.length ? 1 : 0
}
