// Compiled rules as bytes: what is kept on disk, and what threads are given.
import { joinParts, openRuleSet, splitParts, storeRuleSet } from '@crosstalk/sigma/match'
import type { CompiledRules } from './compile-rules.ts'

export const storeRules = ({ set, ...rest }: CompiledRules): Uint8Array<ArrayBuffer> =>
  joinParts([JSON.stringify(rest), storeRuleSet(set)])

/** Throws when the bytes are something else. */
export function openRules(bytes: Uint8Array): CompiledRules {
  const parts = splitParts(bytes)
  return { ...(JSON.parse(parts.text()) as Omit<CompiledRules, 'set'>), set: openRuleSet(parts.bytes()) }
}
