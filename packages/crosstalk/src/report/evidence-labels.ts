// Evidence ids may be hashes; people want something short to point at.
import type { Case } from '../cases/case.ts'

/** Longer ids are numbered instead, in the order of the case's evidence. */
const SHORT = 6

/** A short label for each piece of evidence of the case, by id: the id itself when all are short, else E1, E2 … */
export function evidenceLabels(story: Case): ReadonlyMap<string, string> {
  const known = labels.get(story)
  if (known) return known
  const made = label(story)
  labels.set(story, made)
  return made
}

/** Asked for once a statement, made once a case. */
const labels = new WeakMap<Case, ReadonlyMap<string, string>>()

function label(story: Case): ReadonlyMap<string, string> {
  const short = story.evidence.every(({ id }) => id.length <= SHORT)
  return new Map(story.evidence.map(({ id }, at) => [id, short ? id : `E${at + 1}`]))
}
