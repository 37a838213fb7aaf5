// YAML at the border. js-yaml is fast and says nothing of places; when something is wrong, that one document is parsed again with `yaml`, which knows where
// everything stands (and is loaded only then). YAML core schema: `007` is 7, `0x1F` is 31, `2026-01-01` and `yes` are text. Each document of a file is read on its own, so that one that is no YAML
// does not take the others with it.
import { createRequire } from 'node:module'
import { CORE_SCHEMA, defineScalarTag, intCoreTag, load, mergeTag, NOT_RESOLVED, YAMLException } from 'js-yaml'
import type { LineCounter, Node, Pair, YAMLMap } from 'yaml'
import { SigmaError } from '../errors.ts'
import type { Location } from '../rule.ts'
import { readPlainPlaces, readPlainYaml } from './plain-yaml.ts'
import { yamlHint } from './yaml-hint.ts'

/** A document larger than this is refused: SigmaHQ's largest has 30,000 characters. */
export const MAX_DOCUMENT_CHARACTERS = 1 << 20
/** Aliases let a few lines stand for gigabytes; a rule needs none or a few. */
const MAX_ALIASES = 100
const MAX_DEPTH = 64
/** Values of a document, with those that aliases repeat counted each time. */
const MAX_VALUES = 250_000

/** Numbers too large to be kept exactly stay text, which is how they are compared. */
const exactInteger = defineScalarTag<number | string>(intCoreTag.tagName, {
  implicit: true,
  implicitFirstChars: intCoreTag.implicitFirstChars,
  identify: () => false,
  resolve(source, isExplicit, tagName) {
    const value = intCoreTag.resolve(source, isExplicit, tagName)
    return value === NOT_RESOLVED || Number.isSafeInteger(value) ? value : source
  },
})

const require = createRequire(import.meta.url)

const SCHEMA = CORE_SCHEMA.withTags(mergeTag, exactInteger)

/** What js-yaml makes of a document: what it means, whoever reads it. */
export const loadYaml = (text: string): unknown =>
  load(text, { schema: SCHEMA, maxDepth: MAX_DEPTH, maxAliases: MAX_ALIASES })

/** A plain scalar that starts as a number does. */
export function numberOrText(text: string): unknown {
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text)
  return (loadYaml(`value: ${text}`) as { value: unknown }).value
}

/** One document of a file, with the way to find where a part of it stands. */
export interface YamlDocument {
  value: unknown
  /** the document's own text, and the lines of the file before it */
  text: string
  linesBefore: number
  /** where the value at a path (map keys, list indices) stands; the nearest part there is when the path leads nowhere */
  locate(path: readonly (string | number)[]): Location
  /** the text of what stands at a path, for changing it; undefined when the path leads nowhere */
  spans(path: readonly (string | number)[]): Spans | undefined
}

/** Part of a file's text: characters from `start` up to `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Spans {
  /** the key of a mapping's entry */
  readonly key?: Span
  /** its value, or that of a list's entry; without anything when it is empty */
  readonly value?: Span
}

/** The documents of a file that are YAML and within the bounds, and what is wrong with the others. */
export function parseYaml(text: string, file: string): { documents: YamlDocument[]; refused: SigmaError[] } {
  const documents: YamlDocument[] = []
  const refused: SigmaError[] = []
  for (const one of yamlDocuments(text, file))
    if (one instanceof SigmaError) refused.push(one)
    else documents.push(one)
  return { documents, refused }
}

/**
 * The documents of a file one by one, each read when it is asked for: what is wrong with it, when it is no YAML or not within the bounds. Documents with nothing in them are passed
 * over. `isUtf8`: false when the text was made of bytes that are not all UTF-8; documents with what stands for those are refused.
 */
export function* yamlDocuments(text: string, file: string, isUtf8 = true): Generator<YamlDocument | SigmaError> {
  for (const piece of pieces(text)) {
    let value: unknown
    try {
      if (!isUtf8) checkBytes(piece, file)
      value = parsePiece(piece, file)
    } catch (error) {
      if (!(error instanceof SigmaError)) throw error
      yield error
      continue
    }
    if (value === null || value === undefined) continue
    yield {
      value,
      ...piece,
      locate: (path) => locate(piece, file, path),
      spans: (path) => spans(piece, path),
    }
  }
}

/** What decoding makes of bytes that are no UTF-8. */
const REPLACEMENT = '\ufffd'

function checkBytes({ text, linesBefore }: Piece, file: string): void {
  const at = text.indexOf(REPLACEMENT)
  if (at < 0) return
  const before = text.slice(0, at).split('\n')
  const location = { file, line: linesBefore + before.length, column: before.at(-1)!.length + 1 }
  throw new SigmaError('yaml', 'a byte here is not UTF-8, in which rules are written', location)
}

interface Piece {
  text: string
  linesBefore: number
  /** where the text begins in the file */
  offset: number
}

/** A line that ends a document or begins one. */
const MARKER = /^(?:---|\.\.\.)(?:\s|$)/m

/** The text of each document, from its `---`. Nothing but such a line can begin with `---` (YAML 1.2, c-forbidden). */
function* pieces(text: string): Generator<Piece> {
  const isDivided = MARKER.test(text)
  let linesBefore = 0
  let start = 0
  let lines = 0
  const pieceTo = (end: number): Piece[] => {
    const piece = text.slice(start, end)
    const hasSomething = /^[^\s#%.-]|^\s+[^\s#]|^-[^-]|^---\s*[^\s#]|^\.[^.]/m.test(piece)
    return hasSomething ? [{ text: piece, linesBefore, offset: start }] : []
  }
  for (let at = 0; at < text.length && isDivided; ) {
    const isMarker = (text.startsWith('---', at) || text.startsWith('...', at)) && /\s|^$/.test(text.charAt(at + 3))
    if (isMarker && at > start) {
      yield* pieceTo(at)
      start = at
      linesBefore = lines
    }
    const end = text.indexOf('\n', at)
    if (end < 0) break
    at = end + 1
    lines++
    // What follows `...` is a new document, with or without `---`.
    if (isMarker && text.startsWith('...', start)) {
      start = at
      linesBefore = lines
    }
  }
  yield* pieceTo(text.length)
}

function parsePiece(piece: Piece, file: string): unknown {
  const start = startOf(piece, file)
  const { length } = piece.text
  if (length > MAX_DOCUMENT_CHARACTERS)
    throw new SigmaError(
      'limit',
      `the document has ${length} characters; a rule has at most ${MAX_DOCUMENT_CHARACTERS}`,
      start,
    )
  let value: unknown
  try {
    value = readPlainYaml(piece.text, numberOrText) ?? loadYaml(piece.text)
  } catch (error) {
    throw yamlError(error, piece, file)
  }
  if (piece.text.includes('&') && isLargerThan(value, MAX_VALUES))
    throw new SigmaError(
      'limit',
      `aliases (*name) make more than ${MAX_VALUES} values of it, or repeat themselves`,
      start,
    )
  return value
}

function isLargerThan(value: unknown, limit: number): boolean {
  const open: unknown[] = [value]
  for (let count = 0; open.length; count++) {
    if (count > limit || open.length > limit) return true
    const one = open.pop()
    if (typeof one === 'object' && one !== null) for (const inner of Object.values(one)) open.push(inner)
  }
  return false
}

/** js-yaml's names of bounds, in words. */
const BOUNDS: Readonly<Record<string, string>> = {
  maxDepth: `nested deeper than ${MAX_DEPTH}`,
  maxAliases: `more than ${MAX_ALIASES} aliases (*name)`,
  maxTotalMergeKeys: 'merge keys (<<) bring in more than 10000 keys',
}

function yamlError(error: unknown, piece: Piece, file: string): SigmaError {
  if (!(error instanceof YAMLException))
    return new SigmaError('yaml', `not YAML: ${(error as Error).message}`, startOf(piece, file))
  const { reason = error.message.split('\n')[0], mark } = error as {
    reason?: string
    mark?: { line: number; column: number }
  }
  const line = mark?.line ?? 0
  const location = { file, line: piece.linesBefore + line + 1, column: (mark?.column ?? 0) + 1 }
  const bound = /maxDepth|maxAliases|maxTotalMergeKeys/.exec(reason)
  if (bound) return new SigmaError('limit', BOUNDS[bound[0]], location)
  const lines = piece.text.split('\n')
  const hint = yamlHint(
    reason,
    (lines[line] ?? '').slice(0, 1000),
    (lines[line - 1] ?? '').slice(0, 1000),
    location.column - 1,
  )
  return new SigmaError('yaml', `not YAML: ${reason}${hint}`, location)
}

/** The first line of a document with something on it. */
function startOf({ text, linesBefore }: Piece, file: string): Location {
  let line = linesBefore + 1
  for (let at = 0; at < text.length; line++) {
    const end = text.indexOf('\n', at)
    if (!/^\s*(?:#|$)|^---\s*(?:#|$)/.test(text.slice(at, end < 0 ? text.length : end))) break
    if (end < 0) return { file, line: linesBefore + 1, column: 1 }
    at = end + 1
  }
  return { file, line, column: 1 }
}

/** The document whose places were looked up last without `yaml`. */
let lastPlain: { readonly piece: Piece; readonly places: ReturnType<typeof readPlainPlaces> } | undefined

/** Where the deepest part of the path begins that there is; undefined when `yaml` has to say. It need not be loaded for most rules, which are plain. */
function plainOffset(piece: Piece, path: readonly (string | number)[]): number | undefined {
  if (lastPlain?.piece !== piece) lastPlain = { piece, places: readPlainPlaces(piece.text) }
  let value: unknown = lastPlain.places?.value
  let offset: number | undefined
  for (const name of path) {
    const entries = typeof value === 'object' && value !== null ? lastPlain.places?.places.get(value) : undefined
    if (!entries) break
    const step = Array.isArray(value) ? Number(name) : String(name)
    const isThere = Object.hasOwn(value as object, step)
    // An entry without a value has a place that `yaml` knows.
    if (isThere && !entries.has(step)) return undefined
    if (!isThere) break
    offset = entries.get(step)
    value = (value as Record<string | number, unknown>)[step]
  }
  return offset
}

interface Parsed {
  readonly contents: Node | null
  readonly counter: LineCounter
}

/** The document that was looked at last: whatever is wrong with a rule is usually looked up at once. */
let last: { readonly piece: Piece; readonly parsed: Parsed | undefined } | undefined

function parsedWithPlaces(piece: Piece): Parsed | undefined {
  if (last?.piece === piece) return last.parsed
  const { LineCounter, parseDocument } = require('yaml') as typeof import('yaml')
  const counter = new LineCounter()
  let parsed: Parsed | undefined
  try {
    const { contents } = parseDocument(piece.text, { lineCounter: counter, keepSourceTokens: false, uniqueKeys: false })
    parsed = { contents: contents as Node | null, counter }
  } catch {
    // js-yaml could read it and yaml can't: the document's start has to do
  }
  last = { piece, parsed }
  return parsed
}

interface Step {
  readonly key?: Node | null
  readonly value: Node | null | undefined
}

/** The entries of mappings that were looked into, by key: what is wrong with each of many keys is not looked for among all of them. */
const pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>()

function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  let known = pairs.get(map)
  if (!known) {
    const nameOf = ({ key }: Pair) => String((key as { value?: unknown } | null)?.value ?? key)
    // The first of several with one name: the later ones come first here, and give way.
    known = new Map(map.items.toReversed().map((pair) => [nameOf(pair), pair]))
    pairs.set(map, known)
  }
  return known
}

/** The nodes on the way down a path, as far as it leads. */
function descend(root: Node | null, path: readonly (string | number)[]): Step[] {
  const { isMap, isSeq } = require('yaml') as typeof import('yaml')
  const steps: Step[] = []
  let node: Node | null | undefined = root
  for (const name of path) {
    if (isMap(node)) {
      const pair = pairsOf(node).get(String(name))
      if (!pair) break
      node = pair.value as Node | null
      steps.push({ key: pair.key as Node | null, value: node })
    } else if (isSeq(node)) {
      node = node.items[Number(name)] as Node | undefined
      if (!node) break
      steps.push({ value: node })
    } else break
  }
  return steps
}

function locate(piece: Piece, file: string, path: readonly (string | number)[]): Location {
  const plain = path.length ? plainOffset(piece, path) : undefined
  if (plain !== undefined) {
    const lines = piece.text.slice(0, plain).split('\n')
    return { file, line: piece.linesBefore + lines.length, column: lines.at(-1)!.length + 1 }
  }
  const parsed = path.length ? parsedWithPlaces(piece) : undefined
  if (!parsed) return startOf(piece, file)
  const step = descend(parsed.contents, path).at(-1)
  const offset = (step?.key ?? step?.value ?? parsed.contents)?.range?.[0] ?? 0
  const { line, col } = parsed.counter.linePos(offset)
  return { file, line: piece.linesBefore + (line || 1), column: col || 1 }
}

function spans(piece: Piece, path: readonly (string | number)[]): Spans | undefined {
  const parsed = parsedWithPlaces(piece)
  const steps = parsed ? descend(parsed.contents, path) : []
  const step = steps.at(-1)
  if (!step || steps.length < path.length) return undefined
  const spanOf = (node: Node | null | undefined): Span | undefined =>
    node?.range ? { start: piece.offset + node.range[0], end: piece.offset + node.range[1] } : undefined
  return { key: spanOf(step.key), value: spanOf(step.value) }
}
