// The one error that reading may end with: the input itself can't be read. Bad content never throws; it is skipped and counted.

export class InputError extends Error {
  /** the input's name, as evidence carries it */
  readonly input: string

  /** `problem` says what is wrong and what to do, without the name. */
  constructor(input: string, problem: string, cause?: unknown) {
    super(`${input}: ${problem}`, { cause })
    this.name = 'InputError'
    this.input = input
  }
}
