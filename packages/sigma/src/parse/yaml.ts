// YAML at the border. js-yaml is fast and says nothing of places; when something is wrong the document is parsed again with `yaml`, which knows where
// everything stands. YAML core schema: `007` is 7, `0x1F` is 31, `2026-01-01` is text, `yes` is text.
import { CORE_SCHEMA, loadAll, mergeTag, YAMLException } from 'js-yaml'
import { isMap, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { SigmaError } from '../errors.ts'
import type { Location } from '../rule.ts'

/** A rule file larger than this is refused: SigmaHQ's largest is 30 KB. */
export const MAX_FILE_CHARACTERS = 4 << 20
/** Aliases let a few lines stand for gigabytes; a rule needs none or a few. */
const MAX_ALIASES = 100
const MAX_DEPTH = 64

const SCHEMA = CORE_SCHEMA.withTags(mergeTag)

/** One document of a file, with the way to find where a part of it stands. */
export interface YamlDocument {
  value: unknown
  /** where the value at a path (map keys, list indices) stands; the nearest part there is when the path leads nowhere */
  locate(path: readonly (string | number)[]): Location
}

/** The documents of a file. Throws SigmaError when it is no YAML or beyond the bounds. */
export function parseYaml(text: string, file: string): YamlDocument[] {
  const start = { file, line: 1, column: 1 }
  if (text.length > MAX_FILE_CHARACTERS)
    throw new SigmaError(
      'limit',
      `the file has ${text.length} characters; rules have at most ${MAX_FILE_CHARACTERS}`,
      start,
    )
  refuseBombs(text, file)
  let values: unknown[]
  try {
    values = loadAll(text, { schema: SCHEMA })
  } catch (error) {
    throw yamlError(error, text, file)
  }
  return values
    .map((value, index) => ({
      value,
      locate: (path: readonly (string | number)[]) =>
        path.length ? locate(text, file, index, path) : startOf(text, file, index),
    }))
    .filter((document) => document.value !== null && document.value !== undefined)
}

function refuseBombs(text: string, file: string): void {
  const aliases = text.match(/(^|[\s,[{:-])\*[A-Za-z0-9_-]+(?=\s*($|[\],}#\n]))/g)
  if (aliases && aliases.length > MAX_ALIASES)
    throw new SigmaError('limit', `${aliases.length} aliases (*name); at most ${MAX_ALIASES} are read`, {
      file,
      line: 1,
      column: 1,
    })
  let depth = 0
  let line = 1
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === 10) line++
    else if (c === 91 || c === 123) {
      if (++depth > MAX_DEPTH * 4)
        throw new SigmaError('limit', `more than ${MAX_DEPTH * 4} brackets open at once`, { file, line, column: 1 })
    } else if ((c === 93 || c === 125) && depth > 0) depth--
  }
}

function yamlError(error: unknown, text: string, file: string): SigmaError {
  const mark =
    error instanceof YAMLException ? (error as { mark?: { line?: number; column?: number } }).mark : undefined
  const reason =
    error instanceof YAMLException
      ? ((error as { reason?: string }).reason ?? error.message.split('\n')[0])
      : (error as Error).message
  const line = mark?.line === undefined ? 1 : mark.line + 1
  const hint = text.split('\n')[line - 1]?.match(/^\s*\t/)
    ? ' (a tab stands in the indentation: YAML takes spaces only)'
    : ''
  return new SigmaError('yaml', `not YAML: ${reason}${hint}`, { file, line, column: (mark?.column ?? 0) + 1 })
}

/** Where a document starts, without parsing: the line behind the separator before it. */
function startOf(text: string, file: string, index: number): Location {
  if (index === 0) return { file, line: 1, column: 1 }
  let line = 0
  let left = index + (/^(\s*#.*\n)*---/.test(text) ? 1 : 0)
  for (const one of text.split('\n')) {
    line++
    if (/^---(\s|$)/.test(one) && --left === 0) break
  }
  return { file, line: line + 1, column: 1 }
}

function locate(text: string, file: string, index: number, path: readonly (string | number)[]): Location {
  const counter = new LineCounter()
  let node: Node | null | undefined
  try {
    const documents = parseAllDocuments(text, { lineCounter: counter, keepSourceTokens: false, uniqueKeys: false })
    node = (Array.isArray(documents) ? documents[index] : undefined)?.contents as Node | null | undefined
  } catch {
    return { file, line: 1, column: 1 }
  }
  let offset = node?.range?.[0] ?? 0
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => String((item.key as { value?: unknown })?.value ?? item.key) === String(step),
      )
      if (!pair) break
      offset = (pair.key as Node).range?.[0] ?? offset
      node = pair.value as Node | null
    } else if (isSeq(node)) {
      node = node.items[Number(step)] as Node | undefined
      if (!node) break
      offset = node.range?.[0] ?? offset
    } else break
  }
  const { line, col } = counter.linePos(offset)
  return { file, line: line || 1, column: col || 1 }
}
