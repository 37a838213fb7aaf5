/** Where events come from, in Sigma's words (Sigma rules specification, "Log Source"). */
export interface LogSource {
  readonly product?: string
  readonly category?: string
  readonly service?: string
}
