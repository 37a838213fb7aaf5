// `scan` and `hunt` as whole processes, beside Chainsaw, Hayabusa and Zircolite where they are on the PATH, in one run.
//   node bench/scan.ts LOGS [--rules DIR] [--times N] [--chainsaw-mapping FILE] [--zircolite-rules FILE]
// LOGS: a log or a folder of logs (make a large one: node ../shared/tools/bench-input.mjs evtx FILE). --rules: SigmaHQ's, for Crosstalk and Chainsaw. Each tool runs
// its own rules where it can't take these: Hayabusa its converted ones, Zircolite its rule set; the work is the same kind, not the same rules, and said so.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Contestant, compare, describeRun, findProgram, timesFaster } from './measure.ts'

const root = resolve(import.meta.dirname, '..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rules: { type: 'string', default: join(root, '..', 'shared', 'corpus', 'sigma') },
    times: { type: 'string', default: '3' },
    'chainsaw-mapping': { type: 'string' },
    'zircolite-rules': { type: 'string' },
    'without-peers': { type: 'boolean', default: false },
  },
})
const logs = positionals[0] && resolve(positionals[0])
if (!logs || !existsSync(logs)) {
  console.error('usage: node bench/scan.ts LOGS [--rules DIR] [--times N] [--without-peers]')
  process.exit(2)
}
const rules = resolve(values.rules)
const scratch = mkdtempSync(join(tmpdir(), 'crosstalk-bench-'))
const program = join(root, 'packages', 'crosstalk', 'bin', 'crosstalk.js')
const crosstalk = (name: string, ...args: string[]): Contestant => ({
  name,
  command: process.execPath,
  args: [program, ...args],
})

/** Where the repository of a peer lies, told by the little program that starts it. */
function homeOf(peer: string): string | undefined {
  const text = findProgram(peer) && readFileSync(findProgram(peer)!, 'utf8')
  const path = text ? /'([^']+)'/.exec(text)?.[1] : undefined
  return path && (statSync(path).isDirectory() ? path : dirname(dirname(dirname(path))))
}

function peers(): { found: Contestant[]; missing: string[] } {
  const missing: string[] = []
  const found: Contestant[] = []
  const mapping = values['chainsaw-mapping'] ?? join(homeOf('chainsaw') ?? '', 'mappings', 'sigma-event-logs-all.yml')
  if (findProgram('chainsaw') && existsSync(mapping))
    found.push({
      name: 'chainsaw',
      command: 'chainsaw',
      args: ['hunt', logs!, '-s', rules, '--mapping', mapping, '--json', '-q', '-o', join(scratch, 'chainsaw.json')],
    })
  else missing.push('chainsaw (and its mapping)')
  if (findProgram('hayabusa'))
    found.push({
      name: 'hayabusa -A -a',
      command: 'hayabusa',
      args: [
        'dfir-timeline',
        statSync(logs!).isDirectory() ? '-d' : '-f',
        logs!,
        '-w',
        '-A',
        '-a',
        '-q',
        '-C',
        '-t',
        'jsonl',
        '-o',
        join(scratch, 'hayabusa.jsonl'),
      ],
    })
  else missing.push('hayabusa')
  const ruleSet = values['zircolite-rules'] ?? join(homeOf('zircolite') ?? '', 'rules', 'rules_windows_generic.json')
  if (findProgram('zircolite') && existsSync(ruleSet))
    found.push({
      name: 'zircolite',
      command: 'zircolite',
      args: [
        '--evtx',
        logs!,
        '--ruleset',
        ruleSet,
        '--outfile',
        join(scratch, 'zircolite.json'),
        '-l',
        join(scratch, 'zircolite.log'),
      ],
    })
  else missing.push('zircolite (and its rule set)')
  return { found, missing }
}

try {
  const ours = [
    crosstalk(
      'scan, rules read afresh',
      'scan',
      logs,
      '--rules',
      rules,
      '--format',
      'jsonl',
      '--no-rule-cache',
      '--quiet',
    ),
    crosstalk('scan, rules cached', 'scan', logs, '--rules', rules, '--format', 'jsonl', '--quiet'),
    crosstalk(
      'scan, rules cached, one thread',
      'scan',
      logs,
      '--rules',
      rules,
      '--format',
      'jsonl',
      '--quiet',
      '--jobs',
      '1',
    ),
    crosstalk('hunt, all rules', 'hunt', logs, '--rules', rules, '--out', join(scratch, 'hunt'), '--format', 'jsonl'),
    crosstalk('hunt, own rules', 'hunt', logs, '--out', join(scratch, 'hunt-own'), '--format', 'jsonl'),
  ]
  const { found, missing } = values['without-peers'] ? { found: [], missing: [] } : peers()
  console.log(`${logs}, rules ${rules}, Node ${process.version}`)
  for (const name of missing) console.log(`not on the PATH, no comparison: ${name}`)
  const runs = compare(ours, Number(values.times))
  // Peers take minutes: one run each says enough, and the ratio is what counts.
  const theirs = found
    .map((one) => [one.name, one] as const)
    .flatMap(([name, one]) => {
      try {
        return [[name, compare([one], 1).get(name)!] as const]
      } catch (error) {
        console.log(`${name} did not run: ${(error as Error).message.slice(0, 300)}`)
        return []
      }
    })
  for (const [name, run] of runs) console.log(`  ${name}: ${describeRun(run)}`)
  for (const [name, run] of theirs) {
    console.log(`  ${name}: ${describeRun(run)}`)
    for (const ourName of ['scan, rules read afresh', 'scan, rules cached'])
      console.log(`    ${ourName}: ${timesFaster(runs.get(ourName)!, run)} as fast`)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
