// Damages rule files in many ways, and compares what the fast way through YAML (parse/plain-yaml.ts) makes of each with what js-yaml makes of it. Whatever the fast way gives, js-yaml must give.
//   npm run fuzz -- sigma --count 1000000 [--seed N]
// Seeds are Crosstalk's own rules and, where ../shared/corpus is, SigmaHQ's, read in place.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readPlainYaml } from '../src/parse/plain-yaml.ts'
import { loadYaml, numberOrText } from '../src/parse/yaml.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const corpus = process.env.CROSSTALK_CORPUS ?? join(root, '..', 'shared', 'corpus')

/** The texts of all rule files. */
export function ruleTexts(folders = [join(root, 'content', 't1559', 'rules'), join(corpus, 'sigma')]): string[] {
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => globSync('**/*.yml', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8')))
}

/** What is wrong with the fast way over a text: undefined when it gives what js-yaml gives, or nothing. `left`: nothing. */
export function compare(text: string): { left: boolean; wrong?: string } {
  const fast = readPlainYaml(text, numberOrText)
  if (fast === undefined) return { left: true }
  let exact: unknown
  try {
    exact = loadYaml(text)
  } catch (error) {
    return { left: false, wrong: `js-yaml refuses it: ${(error as Error).message.split('\n')[0]}` }
  }
  return isSame(fast, exact) ? { left: false } : { left: false, wrong: 'js-yaml reads something else' }
}

/** The same values, of the same types, with keys in the same order. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return Object.is(one, other)
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [keys, others] = [Object.keys(one), Object.keys(other)]
  return (
    keys.length === others.length &&
    keys.every(
      (key, at) =>
        key === others[at] && isSame((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]),
    )
  )
}

/** What stands for something in YAML, or is read in ways of its own. */
const PIECES = [
  ...'\n :#-\'"|>&*!%@`{}[],?~=<\\\t\r\u0085\ufeff\u00a0\u2028\0é',
  '\n\n',
  '\n  ',
  '\n    ',
  '  ',
  ' #',
  ': ',
  ':\n',
  '- ',
  '-\n',
  '- - ',
  '? ',
  "''",
  '\\"',
  '\\n',
  '\\x41',
  '\\u263a',
  '---\n',
  '...\n',
  '|-',
  '>-',
  '|+',
  '|2',
  '> ',
  '| #',
  'null',
  'Null',
  '~',
  'true',
  'FALSE',
  'yes',
  '<<',
  '<<: ',
  '__proto__: ',
  'key: ',
  'key:\n',
  "'key': ",
  '1',
  '007',
  '-0',
  '+1',
  '0x1F',
  '0o7',
  '1e3',
  '1.5',
  '.5',
  '5.',
  '.inf',
  '-.INF',
  '.nan',
  '1_000',
  '12345678901234567890',
  '2024-01-31',
  '12:30',
  '-',
  '.',
  '1.2.3.4',
  '\r\n',
  '😀',
  '\ud800',
  '!!str ',
  '&a ',
  '*a',
  '{a: 1}',
  '[1, 2]',
  '%YAML 1.2\n',
  ' \n',
  'a b',
  'a: b: c',
  'x'.repeat(20),
] // prettier-ignore

/** mulberry32: the same numbers for the same seed */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}

/** Lines from within a document as one of their own. */
function asDocument(lines: string[]): string[] {
  const indent = Math.max(0, lines[0].search(/\S/))
  const moved = lines.map((line) => line.slice(Math.min(indent, Math.max(0, line.search(/\S|$/)))))
  return moved[0].startsWith('-') ? ['key:', ...moved] : moved
}

/** A run of lines of a text, changed in a few places. */
function damaged(text: string, random: () => number): string {
  const below = (count: number) => Math.floor(random() * count)
  const all = text.split('\n')
  // Few lines, so that many texts are read in little time, and most from the beginning of something.
  const from = random() < 0.3 ? 0 : below(all.length)
  const lines = asDocument(all.slice(from, from + 1 + below(24)))
  const changes = 1 + Math.floor(random() * random() * 3)
  for (let change = 0; change < changes; change++) {
    const at = below(lines.length)
    const line = lines[at]
    const kind = random()
    const place = random() < 0.3 ? line.length - line.trimStart().length : below(line.length + 1)
    if (kind < 0.4) lines[at] = line.slice(0, place) + PIECES[below(PIECES.length)] + line.slice(place)
    else if (kind < 0.55) lines[at] = line.slice(0, place) + line.slice(place + 1 + below(3))
    else if (kind < 0.7) lines[at] = ' '.repeat(below(9)) + line.trimStart()
    else if (kind < 0.8) lines.splice(below(lines.length + 1), 0, line)
    else if (kind < 0.87) lines[at] = line.slice(0, line.indexOf(':') + 1) + PIECES[below(PIECES.length)]
    else if (kind < 0.94) lines[at] = `${line}${random() < 0.5 ? ' ' : ''}${PIECES[below(PIECES.length)]}`
    else lines.splice(at, 1)
    if (!lines.length) return ''
  }
  return lines.join(random() < 0.02 ? '\r\n' : '\n') + (random() < 0.5 ? '\n' : '')
}

export interface FuzzResult {
  texts: number
  /** those that the fast way left to js-yaml */
  left: number
  wrong: string[]
}

export function fuzzYaml(seeds: readonly string[], count: number, seed: number): FuzzResult {
  const random = randomNumbers(seed)
  const result: FuzzResult = { texts: 0, left: 0, wrong: [] }
  while (result.texts < count) {
    const text = damaged(seeds[Math.floor(random() * seeds.length)], random)
    const { left, wrong } = compare(text)
    result.texts++
    if (left) result.left++
    if (wrong && result.wrong.length < 20) result.wrong.push(`${wrong}:\n${JSON.stringify(text)}`)
  }
  return result
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
  const { values } = parseArgs({
    options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
  })
  const { texts, left, wrong } = fuzzYaml(ruleTexts(), Number(values.count), Number(values.seed))
  for (const one of wrong) console.log(one)
  console.log(
    `${texts} texts, ${left} left to js-yaml, ${wrong.length ? `${wrong.length} or more` : 'none'} read otherwise`,
  )
  process.exitCode = wrong.length ? 1 : 0
}
