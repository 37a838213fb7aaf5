// Correlation: events/s and memory as groups grow from a thousand to a million; cost per event must not grow with them.
//
//   node --expose-gc bench/sigma-correlation.ts [--events N] [--file]
//
// All events stay in the windows. Memory is heap and typed arrays after a collection, with everything pushed; with --file nothing is worked through before the end, as when files
// are read, so that it is what the waiting events take, and the rate is of both. Keys, groups and values are strings of each event's own, as a source makes them.
import { parseArgs } from 'node:util'
import { createCorrelator } from '../packages/sigma/src/correlation/correlator.ts'
import { ruleIndex } from '../packages/sigma/src/correlation/resolve.ts'
import { parseRules } from '../packages/sigma/src/load/load.ts'
import type { CorrelationRule } from '../packages/sigma/src/rule.ts'

const CONDITIONS: Readonly<Record<string, string>> = {
  event_count: 'type: event_count\n  rules: [a]\n  condition: {gte: 5}',
  value_count: 'type: value_count\n  rules: [a]\n  condition: {field: Value, gte: 5}',
  value_median: 'type: value_median\n  rules: [a]\n  condition: {field: Value, gte: 900}',
  value_sum: 'type: value_sum\n  rules: [a]\n  condition: {field: Value, gte: 1900}',
  temporal: 'type: temporal\n  rules: [a, b]',
  temporal_ordered: 'type: temporal_ordered\n  rules: [a, b]',
}

const detection = (name: string) =>
  `title: ${name}\nid: ${name}\nname: ${name}\nlogsource: {product: x}\ndetection: {s: {x: 1}, condition: s}\n---\n`

function memoryUsed(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function run(
  type: string,
  groups: number,
  events: number,
  lateness: number,
): { perSecond: number; megabytes: number; matches: number } {
  const text = `${detection('a')}${detection('b')}title: c\ncorrelation:\n  ${CONDITIONS[type]}\n  group-by: [Key]\n  timespan: 1h\n`
  const { rules } = parseRules(text, 'bench.yml')
  let matches = 0
  const correlator = createCorrelator(
    rules.filter((rule): rule is CorrelationRule => rule.kind === 'correlation'),
    ruleIndex(rules),
    { lateness, onMatch: () => matches++ },
  )
  const memory = memoryUsed()
  const begun = process.cpuUsage()
  let seed = 1
  for (let at = 0; at < events; at++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff
    const group = seed % groups
    const value = (seed >> 8) % 1000
    // An hour of event time in all: nothing leaves the windows. A tenth of the events comes up to a second late.
    const time = Math.floor((at * 3_600_000_000) / events) - (at % 10 === 0 ? seed % 1_000_000 : 0)
    correlator.push({
      rule: at % 3 ? 'a' : 'b',
      time,
      key: String(at),
      field: (name) => (name === 'Key' ? `host-${group}` : value),
    })
  }
  const pushing = process.cpuUsage(begun)
  const megabytes = Math.round((memoryUsed() - memory) / 2 ** 20)
  const ending = process.cpuUsage()
  correlator.finish()
  const { user, system } = process.cpuUsage(ending)
  const seconds = (pushing.user + pushing.system + user + system) / 1e6
  return { perSecond: Math.round(events / seconds), megabytes, matches }
}

const { values } = parseArgs({
  options: { events: { type: 'string', default: '1000000' }, file: { type: 'boolean', default: false } },
})
const lateness = values.file ? Number.POSITIVE_INFINITY : 60_000_000
console.log('type               groups     events/s   MB        matches')
for (const type of Object.keys(CONDITIONS))
  for (const groups of [1_000, 10_000, 100_000, 1_000_000]) {
    const { perSecond, megabytes, matches } = run(type, groups, Number(values.events), lateness)
    console.log(
      `${type.padEnd(18)} ${String(groups).padEnd(10)} ${String(perSecond).padEnd(10)} ${String(megabytes).padEnd(9)} ${matches}`,
    )
  }
