// Pipelines over rules: those of lower priority first, each item on what the items before it made.
import { ruleIndex } from '../correlation/resolve.ts'
import { SigmaError } from '../errors.ts'
import type { CorrelationRule, DetectionRule, Rule } from '../rule.ts'
import { holds, type PipelineState, RULE_CONDITIONS, type Subject } from './conditions.ts'
import { type Pipeline, PipelineError, type PipelineItem } from './pipeline.ts'
import { type TransformationContext, transform } from './transformations.ts'

export interface AppliedPipelines {
  rules: DetectionRule[]
  correlations: CorrelationRule[]
  /** rules that a pipeline can't be applied to, or says it can't */
  refused: SigmaError[]
}

/** Applies pipelines to rules and correlations. `all` are the rules that correlations refer to. */
export function applyPipelines(
  rules: readonly DetectionRule[],
  correlations: readonly CorrelationRule[],
  pipelines: readonly Pipeline[],
): AppliedPipelines {
  const applied: AppliedPipelines = { rules: [], correlations: [], refused: [] }
  const ordered = pipelines.toSorted((a, b) => a.priority - b.priority)
  const find = ruleIndex([...rules, ...correlations])
  const apply = <R extends Subject>(rule: R, into: R[]) => {
    try {
      into.push(applyAll(rule, ordered, find) as R)
    } catch (error) {
      if (!(error instanceof PipelineError)) throw error
      const { file, line } = error.location
      const code = error.code === 'failure' ? 'unsupported' : error.code
      applied.refused.push(new SigmaError(code, `pipeline ${file}:${line}: ${error.message}`, rule.source))
    }
  }
  for (const rule of rules) apply(rule, applied.rules)
  for (const rule of correlations) apply(rule, applied.correlations)
  return applied
}

function applyAll(
  rule: Subject,
  pipelines: readonly Pipeline[],
  find: (reference: string) => Rule | undefined,
): Subject {
  const state: PipelineState = {
    applied: new Set(),
    touched: new WeakMap(),
    touchedFields: new Map(),
    values: new Map(),
    mapped: new Set(),
    find: (reference) => {
      const found = find(reference)
      return found?.kind === 'filter' ? undefined : found
    },
  }
  const vars = new Map(pipelines.flatMap((pipeline) => [...pipeline.vars]))
  const context: TransformationContext = { state, vars, nested: (items, one) => applyItems(items, one, context) }
  return pipelines.reduce((one, { items }) => applyItems(items, one, context), rule)
}

function applyItems(items: readonly PipelineItem[], rule: Subject, context: TransformationContext): Subject {
  let now = rule
  for (const item of items) {
    if (!holds(item.rule, RULE_CONDITIONS, now, context.state)) continue
    if (item.id !== undefined) context.state.applied.add(item.id)
    now = transform(item, now, context)
  }
  return now
}
