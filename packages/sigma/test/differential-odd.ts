// Odd rules over odd events: the engine beside rsigma, in no log source's way. Prints what differs, a line a rule: who finds what, or who refuses the rule.
//   node packages/sigma/test/differential-odd.ts --rsigma PATH
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compileRules } from '../src/compile/rule-set.ts'
import { parseRules } from '../src/load/load.ts'
import { createMatcher } from '../src/match/matcher.ts'
import { objectEvent } from '../src/match/object-event.ts'
import type { DetectionRule } from '../src/rule.ts'
import { type OddEvent, oddDetections, oddEvents } from './odd-rules.ts'

const { values } = parseArgs({ options: { rsigma: { type: 'string', default: 'rsigma' } } })
const folder = mkdtempSync(join(tmpdir(), 'sigma-odd-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const detections = oddDetections()
const events = oddEvents()
const texts = detections.map((one, at) => `title: '${at}'\nlogsource: {product: windows}\ndetection: ${one}\n`)
const ours = matchesOfEngine()
const refused = new Map<number, string>()
const theirs = matchesOfRsigma()
let differing = 0
detections.forEach((detection, at) => {
  const why = refused.get(at)
  const mine = ours.get(at)
  if (why !== undefined || mine === undefined) {
    if ((why === undefined) !== (mine === undefined))
      console.log(`${detection}\n    refused by ${mine ? `rsigma: ${why}` : 'Crosstalk'}`)
    return
  }
  const only = events.filter((_, event) => mine.has(event) && !theirs.has(`${at} ${event}`))
  const onlyTheirs = events.filter((_, event) => !mine.has(event) && theirs.has(`${at} ${event}`))
  if (!only.length && !onlyTheirs.length) return
  differing++
  console.log(`${detection}\n${shown('Crosstalk', only)}${shown('rsigma', onlyTheirs)}`)
})
console.log(
  `${detections.length} rules, ${events.length} events; rsigma refuses ${refused.size}, Crosstalk ${detections.length - ours.size}; ${differing} rules differ`,
)

function shown(by: string, list: readonly OddEvent[]): string {
  if (!list.length) return ''
  const few = list.slice(0, 6).map((event) => JSON.stringify(event))
  return `    only ${by}: ${few.join(' ')}${list.length > few.length ? ` and ${list.length - few.length} more` : ''}\n`
}

/** By rule: the places of the events that it matches; without those that are refused. */
function matchesOfEngine(): Map<number, Set<number>> {
  const rules = texts.flatMap((text) => parseRules(text, 'odd.yml').rules as DetectionRule[])
  const { ruleSet } = compileRules(rules)
  const matcher = createMatcher(ruleSet)
  const found = new Map(ruleSet.rules.map(({ title }) => [Number(title), new Set<number>()]))
  events.forEach((event, at) => {
    matcher.match(objectEvent(event, [{ product: 'windows' }]), ({ title }) => found.get(Number(title))!.add(at))
  })
  return found
}

/** `rule event`; rsigma stops at the first rule that it refuses, so these are looked for one by one. */
function matchesOfRsigma(): Set<string> {
  const good = join(folder, 'good')
  mkdirSync(good)
  texts.forEach((text, at) => {
    const path = join(folder, `${at}.yml`)
    writeFileSync(path, text)
    const { status, stderr } = rsigma(path, '{"none": 1}')
    if (status === 0 && !/parse error/.test(stderr)) writeFileSync(join(good, `${at}.yml`), text)
    else refused.set(at, stderr.trim().split('\n').at(-1) ?? '')
  })
  const lines = join(folder, 'events.ndjson')
  writeFileSync(
    lines,
    events
      .map((event, place) => `${JSON.stringify({ ...event, product: 'windows', place: { at: place } })}\n`)
      .join(''),
  )
  const found = new Set<string>()
  for (const line of rsigma(good, `@${lines}`).stdout.split('\n').filter(Boolean)) {
    const { rule_title: title, event } = JSON.parse(line) as { rule_title: string; event: { place: { at: number } } }
    found.add(`${title} ${event.place.at}`)
  }
  return found
}

function rsigma(rules: string, event: string) {
  const args = [
    'engine',
    'eval',
    '-r',
    rules,
    '--logsource-routing',
    '--include-event',
    '--output-format',
    'ndjson',
    '-q',
    '-e',
    event,
  ] // prettier-ignore
  return spawnSync(values.rsigma, args, { encoding: 'utf8', maxBuffer: 1 << 30 })
}
