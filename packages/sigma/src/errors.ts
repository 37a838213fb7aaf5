// What is wrong with a rule, where, and what to do: every error carries file, line and column, and a code that programs can rely on.
import type { Location } from './rule.ts'

export type SigmaErrorCode =
  | 'yaml' // the document is no YAML
  | 'structure' // a part is missing or of the wrong type
  | 'condition' // the condition can't be parsed
  | 'identifier' // a condition names a search identifier that is not there
  | 'modifier' // unknown, or not allowed there
  | 'value' // a value that its modifier can't use
  | 'regex' // a regular expression that is not supported or not safe
  | 'reference' // a rule that is referred to and is not there
  | 'duplicate' // an id that another rule has
  | 'limit' // larger or deeper than the bound
  | 'unsupported' // legal Sigma that this engine does not run
  | 'unreadable' // the file can't be read
  | 'deprecated' // a form of Sigma 1 that was read as what it became (reported, not refused)

/** The error that this package throws or reports; nothing else is thrown for bad rules. */
export class SigmaError extends Error {
  readonly code: SigmaErrorCode
  readonly location: Location

  constructor(code: SigmaErrorCode, message: string, location: Location) {
    super(message)
    this.name = 'SigmaError'
    this.code = code
    this.location = location
  }
}

/** `rules/x.yml:3:7: message` */
export const formatError = (error: SigmaError): string =>
  `${error.location.file}:${error.location.line}:${error.location.column}: ${error.message}`
