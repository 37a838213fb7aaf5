// add_condition: something more that must hold.
import { standsWhere } from '../parse/rule-document.ts'
import type { Detection, DetectionRule, RuleValue } from '../rule.ts'
import type { PipelineState, Subject } from './conditions.ts'
import type { PipelineItem } from './pipeline.ts'

export function addCondition(item: PipelineItem, rule: Subject, { touched }: PipelineState): Subject {
  if (rule.kind !== 'rule') return rule
  const { conditions, name, template = false, negated = false } = item.parameters
  const identifier = freeName(rule, typeof name === 'string' ? name : '_condition')
  const filled = (value: RuleValue): RuleValue =>
    template === true && typeof value === 'string' ? filledTemplate(value, rule) : value
  const parts = Object.entries(conditions as object).map(([key, value]): Detection => {
    const [field, ...modifiers] = key.split('|')
    const values = (Array.isArray(value) ? value : [value]) as RuleValue[]
    return {
      kind: 'item',
      item: {
        field,
        modifiers: modifiers.filter((one) => one !== 'all'),
        values: values.map(filled),
        all: modifiers.includes('all'),
      },
    }
  })
  if (item.id !== undefined)
    for (const part of parts) if (part.kind === 'item') touched.set(part.item, new Set([item.id]))
  const added = { kind: 'identifier', name: identifier } as const
  return standsWhere(
    {
      ...rule,
      detections: new Map([...rule.detections, [identifier, parts.length === 1 ? parts[0] : { kind: 'and', parts }]]),
      conditions: rule.conditions.map((condition) => ({
        kind: 'and',
        parts: [negated === true ? { kind: 'not', part: added } : added, condition],
      })),
    },
    rule,
  )
}

/** A name that the rule has not, beginning with an underscore: `them` does not mean it. */
function freeName(rule: DetectionRule, wanted: string): string {
  const base = wanted.startsWith('_') ? wanted : `_${wanted}`
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}_${number}`
    if (!rule.detections.has(name)) return name
  }
}

/** Python's string.Template: `$name` and `${name}`, `$$` for a dollar; other names stay. */
const filledTemplate = (text: string, { logSource }: DetectionRule): string =>
  text.replace(/\$(?:\$|([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)\})/gi, (all, name?: string, braced?: string) => {
    if (all === '$$') return '$'
    const part = name ?? braced
    return part === 'category' || part === 'product' || part === 'service' ? (logSource[part] ?? 'None') : all
  })
