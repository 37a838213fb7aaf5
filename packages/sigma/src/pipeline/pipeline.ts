// Processing pipelines (pySigma's format): how rules are changed to fit the events of one source, before they are compiled or converted. A pipeline is data; nothing of it
// reads files, the network or the environment. What is not supported is refused by its name.
import type { Condition, Location } from '../rule.ts'

export class PipelineError extends Error {
  readonly code: 'structure' | 'unsupported' | 'failure'
  readonly location: Location

  constructor(code: PipelineError['code'], message: string, location: Location) {
    super(message)
    this.name = 'PipelineError'
    this.code = code
    this.location = location
  }
}

/** One condition of a processing item: its type and its parameters. */
export interface PipelineCondition {
  readonly type: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly location: Location
}

/** How the conditions of one kind are linked. */
export interface ConditionSet {
  /** by name, or by place where they have none */
  readonly conditions: ReadonlyMap<string, PipelineCondition>
  /** over their names */
  readonly expression: Condition | undefined
  /** without an expression */
  readonly link: 'and' | 'or'
  readonly negated: boolean
}

export interface PipelineItem {
  readonly id: string | undefined
  readonly type: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly rule: ConditionSet
  readonly detectionItem: ConditionSet
  readonly fieldName: ConditionSet
  /** of `nest` */
  readonly items: readonly PipelineItem[]
  readonly location: Location
}

export interface Pipeline {
  readonly name: string
  /** lower ones are applied first */
  readonly priority: number
  /** values of placeholders */
  readonly vars: ReadonlyMap<string, readonly string[]>
  readonly items: readonly PipelineItem[]
}
