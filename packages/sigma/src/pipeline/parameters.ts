// What transformations and conditions are given, by name: pySigma's parameters (sigma.processing.transformations, sigma.processing.conditions). A pipeline that leaves out what is
// needed, or gives what nothing is made of, is refused when it is read: nothing of it is ignored.
import { isMapping } from '../parse/rule-document.ts'

interface Parameter {
  readonly expects: string
  accepts(value: unknown): boolean
  readonly optional?: true
}

const isText = (value: unknown) => typeof value === 'string'
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)
const isPlain = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value)
const isMappingOf = (accepts: (value: unknown) => boolean) => (value: unknown) =>
  isMapping(value) && Object.values(value).every(accepts)

const TEXT: Parameter = { expects: 'text', accepts: isText }
const TEXTS: Parameter = { expects: 'a list of texts', accepts: isTexts }
const NAMES: Parameter = { expects: 'a name or a list of names', accepts: (one) => isText(one) || isTexts(one) }
const FLAG: Parameter = { expects: 'true or false', accepts: (one) => typeof one === 'boolean' }
const PLAIN: Parameter = { expects: 'text, a number, true, false or null', accepts: isPlain }
const ANYTHING: Parameter = { expects: 'a value', accepts: () => true }
const MAPPING: Parameter = {
  expects: 'a mapping of texts to texts or lists of texts',
  accepts: isMappingOf((one) => isText(one) || isTexts(one)),
}
const RENAMES: Parameter = {
  expects: 'a mapping of names to names or lists of names',
  accepts: isMappingOf((one) => isText(one) || (isTexts(one) && (one as string[]).length > 0)),
}
const CONDITIONS: Parameter = {
  expects: 'a mapping of fields to values',
  accepts: (value) =>
    isMappingOf((one) => isPlain(one) || (Array.isArray(one) && one.every(isPlain)))(value) &&
    Object.keys(value as object).length > 0,
}
const one = (...choices: string[]): Parameter => ({
  expects: `one of ${choices.join(', ')}`,
  accepts: (value) => isText(value) && choices.includes(value as string),
})
const maybe = (parameter: Parameter): Parameter => ({ ...parameter, optional: true })

type Parameters = Readonly<Record<string, Parameter>>

const LOG_SOURCE: Parameters = { category: maybe(TEXT), product: maybe(TEXT), service: maybe(TEXT) }
const PLACEHOLDERS: Parameters = { include: maybe(TEXTS), exclude: maybe(TEXTS) }
const COMPARISONS = ['eq', 'ne', 'gte', 'gt', 'lte', 'lt']

export const TRANSFORMATION_PARAMETERS: Readonly<Record<string, Parameters>> = {
  field_name_mapping: { mapping: RENAMES },
  field_name_prefix_mapping: { mapping: RENAMES },
  field_name_prefix: { prefix: TEXT },
  field_name_suffix: { suffix: TEXT },
  drop_detection_item: {},
  hashes_fields: {
    valid_hash_algos: TEXTS,
    field_prefix: maybe(TEXT),
    drop_algo_prefix: maybe(FLAG),
    field_to_parse: maybe(TEXTS),
  },
  extract_fields: { regex: TEXT, field_prefix: maybe(TEXT), preserve_unmatched: maybe(FLAG) },
  replace_string: { regex: TEXT, replacement: TEXT, skip_special: maybe(FLAG), interpret_special: maybe(FLAG) },
  map_string: { mapping: MAPPING },
  set_value: { value: PLAIN, force_type: maybe(one('str', 'num')) },
  convert_type: { target_type: one('str', 'num') },
  case: { method: maybe(one('lower', 'upper', 'snake_case')) },
  regex: { method: maybe(one('plain', 'ignore_case_flag', 'ignore_case_brackets')) },
  wildcard_placeholders: PLACEHOLDERS,
  value_placeholders: PLACEHOLDERS,
  add_condition: { conditions: CONDITIONS, name: maybe(TEXT), template: maybe(FLAG), negated: maybe(FLAG) },
  change_logsource: LOG_SOURCE,
  add_field: { field: NAMES },
  remove_field: { field: NAMES },
  set_field: { fields: TEXTS },
  set_state: { key: TEXT, val: ANYTHING },
  set_custom_attribute: { attribute: TEXT, value: ANYTHING },
  rule_failure: { message: TEXT },
  detection_item_failure: { message: TEXT },
  strict_field_mapping_failure: {},
  nest: {},
}

const STATE: Parameters = { key: TEXT, val: PLAIN, op: maybe(one(...COMPARISONS)) }
const APPLIED: Parameters = { processing_item_id: PLAIN }
const FIELDS: Parameters = { fields: NAMES, mode: maybe(one('plain', 're')) }
const OVER_VALUES: Parameters = { cond: maybe(one('any', 'all')) }

export const CONDITION_PARAMETERS: Readonly<Record<string, Parameters>> = {
  logsource: LOG_SOURCE,
  contains_field: { field: TEXT },
  contains_detection_item: { field: TEXT, value: PLAIN },
  processing_item_applied: APPLIED,
  processing_state: STATE,
  is_sigma_rule: {},
  is_sigma_correlation_rule: {},
  rule_attribute: { attribute: TEXT, value: PLAIN, op: maybe(one(...COMPARISONS, 'in', 'not_in')) },
  tag: { tag: TEXT },
  match_string: { ...OVER_VALUES, pattern: TEXT, negate: maybe(FLAG) },
  match_value: { ...OVER_VALUES, value: PLAIN },
  contains_wildcard: OVER_VALUES,
  is_null: OVER_VALUES,
  include_fields: FIELDS,
  exclude_fields: FIELDS,
}

/** What is wrong with the parameters that `type` is given, and of which it is said; undefined when nothing is. */
export function parameterProblem(
  type: string,
  parameters: Readonly<Record<string, unknown>>,
  known: Parameters,
): { name: string | undefined; message: string } | undefined {
  for (const [name, value] of Object.entries(parameters)) {
    const parameter = Object.hasOwn(known, name) ? known[name] : undefined
    if (!parameter) {
      const names = Object.keys(known).join(', ')
      return { name, message: `${type} has no parameter "${name}"${names && `: it has ${names}`}` }
    }
    if (!parameter.accepts(value) && !(value === null && parameter.optional))
      return { name, message: `${type}: ${name}: ${parameter.expects} was expected` }
  }
  const missing = Object.keys(known).find((name) => !known[name].optional && parameters[name] === undefined)
  if (missing !== undefined) return { name: undefined, message: `${type} needs ${missing}` }
  if (known === LOG_SOURCE && !Object.values(parameters).some((value) => value !== null))
    return { name: undefined, message: `${type} needs category, product or service` }
  if (known === PLACEHOLDERS && parameters.include != null && parameters.exclude != null)
    return { name: undefined, message: `${type}: include or exclude, not both` }
  if (type === 'set_value' && typeof parameters.force_type === 'string') {
    const { value, force_type: force } = parameters
    if (typeof value !== 'string' && typeof value !== 'number')
      return { name: 'value', message: 'set_value: force_type is for text and numbers' }
    if (force === 'num' && numberOf(String(value)) === undefined)
      return { name: 'value', message: `set_value: "${value}" is no number` }
  }
  return undefined
}

/** A number as Python reads one; undefined when the text is none. */
export function numberOf(text: string): number | undefined {
  return /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : undefined
}
