// One host, one name: records may give it with its domain or in other letters than the case does.
import type { Case } from '../cases/case.ts'

const known = new WeakMap<Case, ReadonlyMap<string, string>>()

/** The name that the case's list of hosts has for this one; the name as it came when the list has none. */
export function hostName(story: Case, name: string): string {
  let names = known.get(story)
  if (!names) {
    names = new Map(story.hosts.map((host) => [host.name.toLowerCase(), host.name]))
    known.set(story, names)
  }
  const lower = name.toLowerCase()
  return names.get(lower) ?? names.get(lower.split('.')[0]) ?? name
}
