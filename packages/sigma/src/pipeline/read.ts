// YAML → pipeline.
import { isMapping, type Path } from '../parse/rule.ts'
import { parseYaml, type YamlDocument } from '../parse/yaml.ts'
import { DETECTION_ITEM_CONDITIONS, FIELD_NAME_CONDITIONS, RULE_CONDITIONS } from './conditions.ts'
import { type ConditionSet, type Pipeline, PipelineError, type PipelineItem } from './pipeline.ts'
import { isTransformation, UNSUPPORTED } from './transformations.ts'

const KEYS = ['name', 'priority', 'allowed_backends', 'vars', 'transformations', 'postprocessing', 'finalizers']
/** Keys of an item that are not parameters of its transformation. */
const ITEM_KEYS = [
  'id',
  'type',
  'rule_conditions',
  'rule_cond_op',
  'rule_cond_not',
  'detection_item_conditions',
  'detection_item_cond_op',
  'detection_item_cond_not',
  'field_name_conditions',
  'field_name_cond_op',
  'field_name_cond_not',
  'items',
] // prettier-ignore
const EXPRESSIONS = ['rule_cond_expr', 'detection_item_cond_expr', 'field_name_cond_expr']
const MAX_NESTED = 8

/** Reads a pipeline. Throws PipelineError. */
export function parsePipeline(text: string, file: string): Pipeline {
  const { documents, refused } = parseYaml(text, file)
  if (refused.length) throw new PipelineError('structure', refused[0].message, refused[0].location)
  const [document] = documents
  if (!document || !isMapping(document.value))
    throw new PipelineError('structure', 'a pipeline is a mapping (name: …, transformations: …)', {
      file,
      line: 1,
      column: 1,
    })
  const { value } = document
  const fail = failing(document)
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key))
  if (unknown !== undefined) fail([unknown], `"${unknown}" is none of ${KEYS.join(', ')}`)
  for (const key of ['postprocessing', 'finalizers'])
    if (Array.isArray(value[key]) && value[key].length)
      fail([key], `${key} changes queries, and there are none here`, 'unsupported')
  const { name, priority = 0, vars = {}, transformations = [] } = value
  if (typeof priority !== 'number') fail(['priority'], 'priority: a number was expected')
  if (!isMapping(vars)) fail(['vars'], 'vars: a mapping of names to values was expected')
  return {
    name: typeof name === 'string' ? name : file,
    priority: priority as number,
    vars: new Map(Object.entries(vars as object).map(([key, one]) => [key, texts(one, ['vars', key], fail)])),
    items: readItems(document, transformations, ['transformations'], 0),
  }
}

type Fail = (path: Path, message: string, code?: PipelineError['code']) => never

const failing =
  (document: YamlDocument): Fail =>
  (path, message, code = 'structure') => {
    throw new PipelineError(code, message, document.locate(path))
  }

function texts(value: unknown, path: Path, fail: Fail): string[] {
  const list = Array.isArray(value) ? value : [value]
  return list.map((one) =>
    typeof one === 'string' || typeof one === 'number' ? String(one) : fail(path, 'texts or numbers were expected'),
  )
}

function readItems(document: YamlDocument, value: unknown, path: Path, depth: number): PipelineItem[] {
  const fail = failing(document)
  if (!Array.isArray(value)) return fail(path, `${String(path.at(-1))}: a list was expected`)
  if (depth > MAX_NESTED) fail(path, `items nested deeper than ${MAX_NESTED}`)
  return value.map((one: unknown, at) => readItem(document, one, [...path, at], depth))
}

function readItem(document: YamlDocument, value: unknown, path: Path, depth: number): PipelineItem {
  const fail = failing(document)
  if (!isMapping(value)) return fail(path, 'a transformation is a mapping (type: …)')
  const { id, type } = value
  if (typeof type !== 'string') return fail(path, 'the transformation has no type')
  if (UNSUPPORTED[type] !== undefined)
    fail([...path, 'type'], `${type} is not supported: ${UNSUPPORTED[type]}`, 'unsupported')
  if (!isTransformation(type)) fail([...path, 'type'], `there is no transformation "${type}"`)
  const expression = EXPRESSIONS.find((name) => name in value)
  if (expression !== undefined)
    fail(
      [...path, expression],
      `${expression} is not supported: use conditions with _cond_op and _cond_not`,
      'unsupported',
    )
  const parameters = Object.fromEntries(Object.entries(value).filter(([name]) => !ITEM_KEYS.includes(name)))
  return {
    id: typeof id === 'string' ? id : undefined,
    type,
    parameters,
    rule: readConditions(document, value, path, 'rule', RULE_CONDITIONS),
    detectionItem: readConditions(document, value, path, 'detection_item', DETECTION_ITEM_CONDITIONS),
    fieldName: readConditions(document, value, path, 'field_name', FIELD_NAME_CONDITIONS),
    items: type === 'nest' ? readItems(document, value.items, [...path, 'items'], depth + 1) : [],
    location: document.locate(path),
  }
}

function readConditions(
  document: YamlDocument,
  item: Record<string, unknown>,
  path: Path,
  kind: string,
  known: Readonly<Record<string, unknown>>,
): ConditionSet {
  const fail = failing(document)
  const name = `${kind}_conditions`
  const list = item[name] ?? []
  const link = item[`${kind}_cond_op`] ?? 'and'
  const negated = item[`${kind}_cond_not`] ?? false
  if (link !== 'and' && link !== 'or')
    return fail([...path, `${kind}_cond_op`], `${kind}_cond_op: "and" or "or" was expected`)
  if (typeof negated !== 'boolean')
    return fail([...path, `${kind}_cond_not`], `${kind}_cond_not: true or false was expected`)
  if (!Array.isArray(list)) return fail([...path, name], `${name}: a list was expected`)
  const conditions = list.map((one: unknown, at) => {
    const where = [...path, name, at]
    if (!isMapping(one) || typeof one.type !== 'string') return fail(where, 'a condition is a mapping (type: …)')
    const { type, ...parameters } = one
    if (!Object.hasOwn(known, type as string)) fail(where, `there is no condition "${String(type)}" among ${name}`)
    return { type: type as string, parameters, location: document.locate(where) }
  })
  return { conditions, link, negated }
}
