// The ATT&CK techniques of a case: what the detections say, and what rules say of its processes at the time.
import type { Detection, RuleInfo } from '../analytics/analytic.ts'
import { MINUTE, type ProcessNode } from '../graph/graph.ts'
import { techniqueName, techniquesOfTags, techniqueTactic } from '../knowledge/techniques.ts'
import type { CaseTechnique } from './case.ts'
import { fileName } from './describe.ts'
import { spanOf } from './timeline.ts'

export function techniquesOf(
  detections: readonly Detection[],
  nodes: readonly ProcessNode[],
  rules: ReadonlyMap<string, RuleInfo>,
): CaseTechnique[] {
  const techniques = new Map<string, CaseTechnique>()
  const add = (id: string, reason: string) => {
    const known = techniques.get(id)
    if (known) {
      if (!known.reasons.includes(reason)) known.reasons.push(reason)
    } else techniques.set(id, { id, name: techniqueName(id), tactic: techniqueTactic(id), reasons: [reason] })
  }
  for (const one of detections) for (const { id, reason } of one.techniques) add(id, reason)
  const [from, to] = spanOf(detections)
  for (const node of nodes) {
    for (const hit of node.hits) {
      const rule = rules.get(hit.rule)
      if (
        !rule ||
        hit.time < from - 10 * MINUTE ||
        hit.time > to + 10 * MINUTE ||
        /^(informational|low)$/.test(rule.level)
      )
        continue
      for (const id of techniquesOfTags(rule.tags)) add(id, `Rule "${rule.title}" matched ${fileName(node.image)}.`)
    }
  }
  return [...techniques.values()].sort(
    (a, b) => Number(b.id.startsWith('T1559')) - Number(a.id.startsWith('T1559')) || (a.id < b.id ? -1 : 1),
  )
}
