// What a modifier is: a small unit that takes values of some kinds and gives others. What it may follow is decided by the kinds alone.
import type { PatternPart } from './sigma-string.ts'
import type { Operator, TimePart } from './values.ts'

/** A value between modifiers. Strings are patterns until the end; the others are what a modifier made of one, or what stood in the rule. */
export type Value =
  | StringValue
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | RegexValue
  | { readonly kind: 'network'; readonly network: string }
  | { readonly kind: 'comparison'; readonly operator: Operator; readonly value: number }
  | { readonly kind: 'time'; readonly part: TimePart; readonly operator: Operator | 'eq'; readonly value: number }
  | FieldValue
  | { readonly kind: 'existence'; readonly exists: boolean }

export interface StringValue {
  readonly kind: 'string'
  readonly pattern: readonly ValuePart[]
  /** as it stands in the rule; undefined once a modifier changed it */
  readonly written: string | undefined
  readonly cased: boolean
  /** its characters stand for bytes: an encoding made it */
  readonly isBytes: boolean
}

export interface RegexValue {
  readonly kind: 'regex'
  readonly source: string
  /** of i, m, s */
  readonly flags: string
  readonly fromStart: boolean
  readonly toEnd: boolean
}

export interface FieldValue {
  readonly kind: 'field'
  readonly field: string
  readonly start: boolean
  readonly end: boolean
  readonly cased: boolean
}

/** A part of a pattern, or a placeholder that `expand` has yet to replace. */
export type ValuePart = PatternPart | Placeholder
export interface Placeholder {
  readonly placeholder: string
}

export interface ModifierContext {
  /** values of placeholders, for `expand` */
  readonly placeholders: ReadonlyMap<string, readonly string[]>
  /** windash: true gives one pattern with DASH parts, else every form is written out */
  readonly dashParts?: boolean
  /** how much modifiers may make yet; what stands in a rule can multiply without end */
  readonly budget?: ModifierBudget
}

/** How many values, and characters of values, the modifiers of a rule may make, counted after each modifier. */
export interface ModifierBudget {
  values: number
  characters: number
}

export const MAX_MADE: Readonly<ModifierBudget> = { values: 100_000, characters: 1 << 24 }

export type Kind = Value['kind']

export interface Modifier {
  /** values of other kinds are an error */
  readonly takes: readonly Kind[]
  /** Throws ModifierError. */
  apply(value: Value, context: ModifierContext): Value[]
}

/** Why a modifier can't be used; the caller knows the place. */
export class ModifierError extends Error {
  readonly code: 'modifier' | 'value' | 'unsupported' | 'limit'
  constructor(message: string, code: ModifierError['code'] = 'modifier') {
    super(message)
    this.name = 'ModifierError'
    this.code = code
  }
}

/** Text that a modifier made. */
export const changed = (value: StringValue, pattern: readonly ValuePart[], isBytes = value.isBytes): StringValue => ({
  ...value,
  pattern,
  isBytes,
  written: undefined,
})

/** A string, or what a generic modifier may take as one (specification: "can be applied on all types of fields"). */
export function asString(value: Value): StringValue {
  if (value.kind === 'string') return value
  if (value.kind !== 'number' && value.kind !== 'boolean') throw new ModifierError('text was expected', 'value')
  const text = String(value.value)
  return { kind: 'string', pattern: [text], written: text, cased: false, isBytes: false }
}
