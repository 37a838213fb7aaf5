// YAML → pipeline.
import { ConditionError, parseCondition } from '../condition/parse.ts'
import { isMapping, type Path } from '../parse/rule-document.ts'
import { parseYaml, type YamlDocument } from '../parse/yaml.ts'
import type { Condition } from '../rule.ts'
import { DETECTION_ITEM_CONDITIONS, FIELD_NAME_CONDITIONS, RULE_CONDITIONS } from './conditions.ts'
import { CONDITION_PARAMETERS, parameterProblem, TRANSFORMATION_PARAMETERS } from './parameters.ts'
import {
  type ConditionSet,
  type Pipeline,
  type PipelineCondition,
  PipelineError,
  type PipelineItem,
} from './pipeline.ts'
import { pythonRegex, pythonReplacement } from './python-regex.ts'
import { isTransformation, UNSUPPORTED } from './transformations.ts'

const KEYS = ['name', 'priority', 'allowed_backends', 'vars', 'transformations', 'postprocessing', 'finalizers']
/** Keys of an item that are not parameters of its transformation. */
const ITEM_KEYS = [
  'id',
  'type',
  'rule_conditions',
  'rule_cond_expr',
  'rule_cond_op',
  'rule_cond_not',
  'detection_item_conditions',
  'detection_item_cond_expr',
  'detection_item_cond_op',
  'detection_item_cond_not',
  'field_name_conditions',
  'field_name_cond_expr',
  'field_name_cond_op',
  'field_name_cond_not',
  'items',
] // prettier-ignore
const MAX_NESTED = 8

/** Reads a pipeline. Throws PipelineError. */
export function parsePipeline(text: string, file: string): Pipeline {
  const { documents, refused } = parseYaml(text, file)
  if (refused.length) throw new PipelineError('structure', refused[0].message, refused[0].location)
  const [document, second] = documents
  if (second) throw new PipelineError('structure', 'a pipeline is one document', second.locate([]))
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
    if (value[key] && !(Array.isArray(value[key]) && !value[key].length))
      fail([key], `${key} changes queries, and there are none here`, 'unsupported')
  const { name, priority = 0, vars, transformations } = defined(value)
  if (typeof priority !== 'number') fail(['priority'], 'priority: a number was expected')
  if (vars !== undefined && !isMapping(vars)) fail(['vars'], 'vars: a mapping of names to values was expected')
  return {
    name: typeof name === 'string' ? name : file,
    priority: priority as number,
    vars: new Map(Object.entries((vars ?? {}) as object).map(([key, one]) => [key, texts(one, ['vars', key], fail)])),
    items: readItems(document, transformations ?? [], ['transformations'], 0),
  }
}

/** A mapping without what is null in it. */
const defined = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null))

type Fail = (path: Path, message: string, code?: PipelineError['code']) => never

const failing =
  (document: YamlDocument): Fail =>
  (path, message, code = 'structure') => {
    throw new PipelineError(code, message, document.locate(path))
  }

/** false and true as Python writes them */
const PYTHON_FLAGS = ['False', 'True']

function texts(value: unknown, path: Path, fail: Fail): string[] {
  const list = Array.isArray(value) ? value : [value]
  return list.map((one) =>
    typeof one === 'string' || typeof one === 'number'
      ? String(one)
      : typeof one === 'boolean'
        ? PYTHON_FLAGS[Number(one)]
        : fail(path, 'texts or numbers were expected'),
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
  const own = type === 'nest' ? ITEM_KEYS : ITEM_KEYS.filter((name) => name !== 'items')
  const parameters = Object.fromEntries(Object.entries(value).filter(([name]) => !own.includes(name)))
  check(document, path, type, parameters, TRANSFORMATION_PARAMETERS)
  return {
    id: id === undefined || id === null ? undefined : String(id),
    type,
    parameters,
    rule: readConditions(document, value, path, 'rule', RULE_CONDITIONS),
    detectionItem: readConditions(document, value, path, 'detection_item', DETECTION_ITEM_CONDITIONS),
    fieldName: readConditions(document, value, path, 'field_name', FIELD_NAME_CONDITIONS),
    items: type === 'nest' ? readItems(document, value.items, [...path, 'items'], depth + 1) : [],
    location: document.locate(path),
  }
}

/** `any` and `all` are in use, though pySigma takes whatever it does not know for `and`. */
const LINKS: Readonly<Record<string, 'and' | 'or' | undefined>> = { and: 'and', or: 'or', all: 'and', any: 'or' }

/** Refuses parameters that are not there, of the wrong kind or missing, and regular expressions that can't be used. */
function check(
  document: YamlDocument,
  path: Path,
  type: string,
  parameters: Readonly<Record<string, unknown>>,
  known: typeof TRANSFORMATION_PARAMETERS,
): void {
  const problem = parameterProblem(type, parameters, known[type])
  if (problem) failing(document)(problem.name === undefined ? path : [...path, problem.name], problem.message)
  const { regex, replacement, pattern, fields, mode } = parameters
  const place = (name: string) => document.locate([...path, name])
  const made = typeof regex === 'string' ? pythonRegex(regex, place('regex')) : undefined
  if (made && typeof replacement === 'string') pythonReplacement(replacement, made, place('replacement'))
  if (type === 'extract_fields' && made && !/\(\?<[^=!]/.test(made.source))
    failing(document)([...path, 'regex'], 'extract_fields: regex has no named group (?P<name>…)')
  if (typeof pattern === 'string') pythonRegex(pattern, place('pattern'))
  if (mode === 're') for (const field of [fields].flat()) pythonRegex(String(field), place('fields'))
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
  const given = item[name] ?? []
  const link = LINKS[String(item[`${kind}_cond_op`] ?? 'and')]
  const negated = item[`${kind}_cond_not`] ?? false
  const written = item[`${kind}_cond_expr`]
  if (!link) return fail([...path, `${kind}_cond_op`], `${kind}_cond_op: "and" or "or" was expected`)
  if (typeof negated !== 'boolean')
    return fail([...path, `${kind}_cond_not`], `${kind}_cond_not: true or false was expected`)
  if (typeof given !== 'object') return fail([...path, name], `${name}: a list or a mapping was expected`)
  const conditions = new Map(
    Object.entries(given as object).map(([key, one]): [string, PipelineCondition] => {
      const where = [...path, name, Array.isArray(given) ? Number(key) : key]
      if (!isMapping(one) || typeof one.type !== 'string') return fail(where, 'a condition is a mapping (type: …)')
      const { type, ...parameters } = one
      if (!Object.hasOwn(known, type as string)) fail(where, `there is no condition "${String(type)}" among ${name}`)
      check(document, where, type as string, parameters, CONDITION_PARAMETERS)
      return [key, { type: type as string, parameters, location: document.locate(where) }]
    }),
  )
  let expression: Condition | undefined
  if (written !== undefined && written !== null) {
    const where = [...path, `${kind}_cond_expr`]
    if (Array.isArray(given)) fail(where, `${kind}_cond_expr: ${name} must be a mapping of names to conditions`)
    if (item[`${kind}_cond_op`] != null) fail(where, `${kind}_cond_expr and ${kind}_cond_op exclude each other`)
    expression = readExpression(String(written), where, conditions, fail)
  }
  return { conditions, expression, link, negated }
}

/** `a and not (b or c)` over the names of conditions, of which none may be left out. */
function readExpression(
  text: string,
  path: Path,
  conditions: ReadonlyMap<string, PipelineCondition>,
  fail: Fail,
): Condition {
  const named = new Set<string>()
  const visit = (node: Condition): void => {
    if (node.kind === 'of')
      fail(path, `"${node.quantifier} of ${node.pattern}" is not for pipelines: name the conditions`)
    else if (node.kind === 'not') visit(node.part)
    else if (node.kind !== 'identifier') node.parts.forEach(visit)
    else if (conditions.has(node.name)) named.add(node.name)
    else fail(path, `there is no condition "${node.name}"`)
  }
  try {
    const expression = parseCondition(text)
    visit(expression)
    const unused = [...conditions.keys()].find((name) => !named.has(name))
    if (unused !== undefined) fail(path, `the condition "${unused}" is not in the expression`)
    return expression
  } catch (error) {
    if (error instanceof ConditionError) return fail(path, error.message)
    throw error
  }
}
