// What processing items do. Each transformation takes a rule and gives another; the AST that it was given stays as it is. Their parameters were checked when the pipeline was read.
import { standsWhere } from '../parse/rule-document.ts'
import type { Detection, DetectionItem } from '../rule.ts'
import { addCondition } from './add-condition.ts'
import { changeItems } from './changing-items.ts'
import { itemsOf, type PipelineState, type Subject } from './conditions.ts'
import { PipelineError, type PipelineItem } from './pipeline.ts'
import { isHandled, withPlaceholders } from './placeholders.ts'
import { mapping, prefixMapping, type Rename, renamed } from './renaming.ts'
import { extractFields, hashesFields, regexItem } from './splitting.ts'
import {
  changeCase,
  convertType,
  mapString,
  replaceString,
  type ValueChange,
  withFixedValue,
  withValues,
} from './values.ts'

export interface TransformationContext {
  readonly state: PipelineState
  readonly vars: ReadonlyMap<string, readonly string[]>
  /** applies the items of `nest` */
  nested(items: readonly PipelineItem[], rule: Subject): Subject
}

type Transformation = (item: PipelineItem, rule: Subject, context: TransformationContext) => Subject

/** Transformations of pySigma that are not supported, and why. */
export const UNSUPPORTED: Readonly<Record<string, string>> = {
  field_name_transform: 'it is a function of Python',
  query_expression_placeholders: 'it makes parts of queries',
  file_placeholders: 'pipelines read no files',
  http_placeholders: 'pipelines use no network',
  command_placeholders: 'pipelines run no commands',
}

const changingItems =
  (
    change: (pipelineItem: PipelineItem, item: DetectionItem, context: TransformationContext) => Detection | undefined,
  ): Transformation =>
  (pipelineItem, rule, context) =>
    rule.kind === 'rule'
      ? changeItems(pipelineItem, rule, context.state, (item) => change(pipelineItem, item, context))
      : rule

const changingValues = (make: (item: PipelineItem) => ValueChange): Transformation =>
  changingItems((pipelineItem, item) => ({ kind: 'item', item: withValues(item, make(pipelineItem), pipelineItem) }))

const renaming =
  (make: (item: PipelineItem) => Rename): Transformation =>
  (pipelineItem, rule, { state }) =>
    renamed(pipelineItem, rule, state, make(pipelineItem))

const text = ({ parameters }: PipelineItem, name: string): string => String(parameters[name])

const names = ({ parameters }: PipelineItem, name: string): string[] => [parameters[name]].flat() as string[]

const withFields = (rule: Subject, fields: readonly string[]): Subject => standsWhere({ ...rule, fields }, rule)

const TRANSFORMATIONS: Readonly<Record<string, Transformation>> = {
  field_name_mapping: renaming(mapping),
  field_name_prefix_mapping: renaming(prefixMapping),
  field_name_prefix: renaming((item) => (field) => field && text(item, 'prefix') + field),
  field_name_suffix: renaming((item) => (field) => field && field + text(item, 'suffix')),
  drop_detection_item: changingItems(() => undefined),
  hashes_fields: changingItems(hashesFields),
  extract_fields: changingItems(extractFields),
  replace_string: changingValues(replaceString),
  map_string: changingValues(mapString),
  set_value: changingItems((pipelineItem, item) => ({ kind: 'item', item: withFixedValue(item, pipelineItem) })),
  convert_type: changingValues(convertType),
  case: changingValues(changeCase),
  regex: changingItems(regexItem),
  wildcard_placeholders: changingItems((pipelineItem, item) => ({
    kind: 'item',
    item: withPlaceholders(item, (name) => (isHandled(pipelineItem, name) ? ['*'] : undefined)),
  })),
  value_placeholders: changingItems((pipelineItem, item, { vars }) => ({
    kind: 'item',
    item: withPlaceholders(item, (name) => {
      if (!isHandled(pipelineItem, name)) return undefined
      const values = vars.get(name)
      if (!values)
        throw new PipelineError('failure', `the placeholder %${name}% has no values in vars`, pipelineItem.location)
      return values
    }),
  })),
  add_condition: (item, rule, { state }) => addCondition(item, rule, state),
  change_logsource(item, rule) {
    if (rule.kind !== 'rule') return rule
    const { product, category, service } = item.parameters as Record<string, string | null | undefined>
    const logSource = { ...(product && { product }), ...(category && { category }), ...(service && { service }) }
    return standsWhere({ ...rule, logSource }, rule)
  },
  add_field: (item, rule) => withFields(rule, [...rule.fields, ...names(item, 'field')]),
  remove_field: (item, rule) =>
    withFields(
      rule,
      rule.fields.filter((one) => !names(item, 'field').includes(one)),
    ),
  set_field: (item, rule) => withFields(rule, names(item, 'fields')),
  set_state(item, rule, { state }) {
    state.values.set(text(item, 'key'), item.parameters.val)
    return rule
  },
  set_custom_attribute: (item, rule) =>
    standsWhere({ ...rule, custom: { ...rule.custom, [text(item, 'attribute')]: item.parameters.value } }, rule),
  rule_failure(item) {
    throw new PipelineError('failure', text(item, 'message'), item.location)
  },
  detection_item_failure: changingItems((item) => {
    throw new PipelineError('failure', text(item, 'message'), item.location)
  }),
  strict_field_mapping_failure(item, rule, { state }) {
    if (rule.kind !== 'rule') return rule
    const fields = new Set(
      [...rule.detections.values()].flatMap((detection) => [...itemsOf(detection)].flatMap(({ field }) => field ?? [])),
    )
    const missing = [...fields].filter((field) => !state.mapped.has(field))
    if (missing.length)
      throw new PipelineError('failure', `these fields are not mapped: ${missing.join(', ')}`, item.location)
    return rule
  },
  nest: (item, rule, context) => context.nested(item.items, rule),
}

export const isTransformation = (type: string): boolean => Object.hasOwn(TRANSFORMATIONS, type)

/** Applies one item to a rule whose rule conditions hold. Throws PipelineError. */
export const transform = (item: PipelineItem, rule: Subject, context: TransformationContext): Subject =>
  TRANSFORMATIONS[item.type](item, rule, context)
