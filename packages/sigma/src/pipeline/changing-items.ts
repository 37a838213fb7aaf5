// Detection items of a rule, changed one by one where the conditions of a pipeline's item let it.
import { matchesPattern } from '../condition/parse.ts'
import { standsWhere } from '../parse/rule-document.ts'
import type { Condition, Detection, DetectionItem, DetectionRule } from '../rule.ts'
import {
  DETECTION_ITEM_CONDITIONS,
  FIELD_NAME_CONDITIONS_OF_ITEMS,
  holds,
  itemsOf,
  type PipelineState,
} from './conditions.ts'
import { PipelineError, type PipelineItem } from './pipeline.ts'

/** Gives a detection for an item, the item itself to leave it, or undefined to drop it. */
export type ItemChange = (item: DetectionItem) => Detection | undefined

/** The rule with the detection items changed that the conditions on detection items and field names hold for. */
export function changeItems(
  pipelineItem: PipelineItem,
  rule: DetectionRule,
  state: PipelineState,
  change: ItemChange,
): DetectionRule {
  return mapItems(rule, pipelineItem, (item) => {
    const isMeant =
      holds(pipelineItem.detectionItem, DETECTION_ITEM_CONDITIONS, item, state) &&
      holds(pipelineItem.fieldName, FIELD_NAME_CONDITIONS_OF_ITEMS, item, state)
    if (!isMeant) return { kind: 'item', item }
    const result = change(item)
    if (result) for (const one of itemsOf(result)) if (one !== item) touch(one, item, pipelineItem, state)
    return result
  })
}

/** Notes which item of the pipeline made a detection item of which. */
function touch(made: DetectionItem, from: DetectionItem, { id }: PipelineItem, state: PipelineState): void {
  const before = state.touched.get(from) ?? []
  state.touched.set(made, new Set(id === undefined ? before : [...before, id]))
}

function mapItems(rule: DetectionRule, pipelineItem: PipelineItem, change: ItemChange): DetectionRule {
  let changed = false
  const visit = (detection: Detection): Detection | undefined => {
    if (detection.kind === 'item') {
      const result = change(detection.item)
      if (result?.kind === 'item' && result.item === detection.item) return detection
      changed = true
      return result
    }
    const parts = detection.parts.map(visit).filter((part): part is Detection => part !== undefined)
    return parts.length ? { kind: detection.kind, parts } : undefined
  }
  const detections = new Map<string, Detection>()
  for (const [name, detection] of rule.detections) {
    const result = visit(detection)
    if (result) detections.set(name, result)
  }
  if (!changed) return rule
  if (detections.size === rule.detections.size) return standsWhere({ ...rule, detections }, rule)
  const conditions = rule.conditions.flatMap((condition) => without(condition, detections) ?? [])
  if (!conditions.length)
    throw new PipelineError('failure', 'nothing of the rule’s condition is left', pipelineItem.location)
  return standsWhere({ ...rule, detections, conditions }, rule)
}

/** A condition without the search identifiers that nothing is left of, as pySigma leaves them out; undefined when nothing of it is left. */
function without(condition: Condition, left: ReadonlyMap<string, Detection>): Condition | undefined {
  switch (condition.kind) {
    case 'identifier':
      return left.has(condition.name) ? condition : undefined
    case 'of':
      return [...left.keys()].some((name) => matchesPattern(name, condition.pattern)) ? condition : undefined
    case 'not': {
      const part = without(condition.part, left)
      return part && { kind: 'not', part }
    }
    default: {
      const parts = condition.parts.flatMap((part) => without(part, left) ?? [])
      return parts.length > 1 ? { kind: condition.kind, parts } : parts[0]
    }
  }
}
