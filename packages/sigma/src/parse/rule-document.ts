// A YAML document that is to become a rule, and where its parts stand.
import { SigmaError, type SigmaErrorCode } from '../errors.ts'
import { nearName } from '../near-name.ts'
import type { DetectionItem, Location, RuleMetadata } from '../rule.ts'
import type { YamlDocument } from './yaml.ts'

export type Path = readonly (string | number)[]
export type Mapping = Record<string, unknown>

/** One document under the parser's eyes. */
export interface RuleDocument extends YamlDocument {
  value: Mapping
}

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A key that is almost one of the names. */
export function nearKey(value: Mapping, names: readonly string[]): { key: string; name: string } | undefined {
  for (const key of Object.keys(value)) {
    const name = nearName(key, names)
    if (name !== undefined) return { key, name }
  }
  return undefined
}

export function fail(document: YamlDocument, path: Path, code: SigmaErrorCode, message: string): never {
  throw new SigmaError(code, message, document.locate(path))
}

export function optionalText(document: YamlDocument, path: Path, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return fail(document, path, 'structure', `${path.at(-1)}: text was expected`)
}

/** Where the parts of parsed rules stand; asked only when something is wrong with one. */
const documents = new WeakMap<object, YamlDocument>()
const itemPlaces = new WeakMap<DetectionItem, { document: YamlDocument; path: Path }>()

/** Where a part of a parsed rule stands: a path of the document, or one of its detection items. */
export function locationIn(rule: RuleMetadata, part: Path | DetectionItem): Location {
  if (Array.isArray(part)) return documents.get(rule)?.locate(part as Path) ?? rule.source
  const place = itemPlaces.get(part as DetectionItem)
  return place ? place.document.locate(place.path) : rule.source
}

/** Says that a rule was made from another, and stands where that one does. */
export function standsWhere<R extends RuleMetadata>(made: R, from: RuleMetadata): R {
  const document = documents.get(from)
  if (document) documents.set(made, document)
  return made
}

/** The document that a rule was parsed from. */
export const documentOf = (rule: RuleMetadata): YamlDocument | undefined => documents.get(rule)

/** The path of a detection item in its document; undefined for items that were not parsed. */
export const pathOf = (item: DetectionItem): Path | undefined => itemPlaces.get(item)?.path

/** Says that a detection item was made from another, and stands where that one does. */
export function inheritPath(from: DetectionItem, to: DetectionItem): DetectionItem {
  const place = itemPlaces.get(from)
  if (place) itemPlaces.set(to, place)
  return to
}

export const placeRule = (rule: RuleMetadata, document: YamlDocument): unknown => documents.set(rule, document)

export const placeItem = (item: DetectionItem, document: YamlDocument, path: Path): unknown =>
  itemPlaces.set(item, { document, path })
