// A hunt without its command line: facts folded as they come, then the graph, then findings and cases.
import type { Baseline } from '../baseline/baseline.ts'
import type { Verdict } from '../cases/judge.ts'
import type { Fact, RuleHit } from '../facts/fact.ts'
import { createFactStore, type FactStore } from '../graph/fold.ts'
import type { Graph } from '../graph/graph.ts'
import type { ContainerLimits } from '../sources/containers/limits.ts'
import { correlateHits } from './correlate.ts'
import { evidenceReader, type InputPlace } from './read-evidence.ts'
import { NO_RULES, type RunRules } from './rules.ts'
import type { Batch, InputName, Task } from './stage.ts'
import { type UnnamedHosts, unnamedHosts } from './unnamed-hosts.ts'

/** Takes what the first stage hands on, and keeps which input is which. */
export interface FactFolder {
  readonly store: FactStore
  /** by the index that facts carry */
  readonly inputs: readonly (InputName & InputPlace)[]
  add(batch: Batch, task: Task): void
  /** Everything has come: correlations are worked through. */
  finish(): void
  /** hosts whose events do not name them */
  readonly unnamed: UnnamedHosts
}

/** `onHit`: every rule's and correlation's hit that counts. */
export function createFactFolder(rules: RunRules = NO_RULES, onHit: (hit: RuleHit) => void = () => {}): FactFolder {
  const inputs: (InputName & InputPlace)[] = []
  const store = createFactStore(undefined, (file) => inputs[file].name)
  const unnamed = unnamedHosts()
  const byName = new Map<string, number>()
  const correlator = correlateHits(rules, (hit) => {
    onHit(hit)
    store.add([hit])
  })
  const isKept = (fact: Fact) => {
    if (fact.kind !== 'rule-hit') return true
    if (!correlator.add(fact)) return false
    onHit(fact)
    return true
  }
  return {
    store,
    inputs,
    add({ input, facts }, task) {
      if (!facts) return
      let index = byName.get(input.name)
      if (index === undefined) {
        index = inputs.length
        byName.set(input.name, index)
        inputs.push({ ...input, path: task.path, size: task.size, file: task.name })
      }
      for (const fact of facts) {
        fact.evidence.file = index
        unnamed.part(fact, input.name)
      }
      store.add(facts.filter(isKept))
    },
    finish: correlator.finish,
    unnamed,
  }
}

export async function joinFacts(folder: FactFolder): Promise<Graph> {
  const { buildGraph } = await import('../graph/build.ts')
  folder.unnamed.settle(folder.store.all)
  return buildGraph(folder.store)
}

export async function judgeFacts(
  graph: Graph,
  folder: FactFolder,
  rules: RunRules,
  baseline?: Baseline,
  limits?: Partial<ContainerLimits>,
): Promise<Verdict> {
  const { judgeGraph } = await import('../cases/judge.ts')
  return judgeGraph({
    graph,
    rules: new Map(rules.rules.map((rule) => [rule.id, rule])),
    inputs: folder.inputs,
    readEvidence: evidenceReader(folder.inputs, limits),
    baseline,
  })
}
