/** Why a regular expression is refused; the caller knows the rule and the place. */
export class RegexError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'RegexError'
  }
}
