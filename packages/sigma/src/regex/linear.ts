// Regular expressions of untrusted rules, in time that grows with the value and no faster. JavaScript's engine backtracks ((a+)+$ takes forever on a value made for it), and its
// words mean other things than PCRE's, which Sigma names; so patterns run here, all of them the same way (lazy-automaton.ts), and what is not regular is refused.
import { LazyAutomaton } from './lazy-automaton.ts'
import { hasRun, runOf } from './long-run.ts'
import { parseRegex } from './parse-regex.ts'
import { programOf } from './program.ts'
import { holdsInOrder, type RequiredTexts, requiredTexts } from './required-texts.ts'

export { RegexError } from './regex-error.ts'
export { holdsInOrder, type RequiredTexts }

/** Tests a text, given as written and folded (modifiers/folding.ts). */
export type RegexTest = (text: string, folded: string) => boolean

/** Makes the test that a pattern is found somewhere in a text. `flags`: of i, m, s. Throws RegexError when the pattern can't be run. */
export function compileRegex(source: string, flags: string): RegexTest {
  const node = parseRegex(source, flags)
  const run = runOf(node)
  if (run) return (text) => hasRun(text, run)
  const { inOrder, anyOf } = requiredTexts(node)
  const program = programOf(node)
  let automaton: LazyAutomaton | undefined
  return (text, folded) => {
    if (!holdsInOrder(folded, inOrder)) return false
    for (const texts of anyOf) if (!texts.some((one) => folded.includes(one))) return false
    automaton ??= new LazyAutomaton(program)
    return automaton.find(text)
  }
}

/** How many parts a pattern has, written out; eight ranges of characters are one more. Throws RegexError when it can't be run. */
export function checkRegex(source: string, flags: string): number {
  const { operations, sets } = programOf(parseRegex(source, flags))
  return operations.length + sets.reduce((sum, set) => sum + (set.length >> 4), 0)
}

/** Texts that must stand in a value for the pattern to be found; none for a pattern that can't be run. */
export const requiredTextsOf = (source: string, flags: string): RequiredTexts =>
  requiredTexts(parseRegex(source, flags))
