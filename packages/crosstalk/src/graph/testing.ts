// Facts for tests, with as few words as possible: a test tells a story in `seconds`, and each fact gets its own evidence.
import type {
  AddressTold,
  Connection,
  Effect,
  Fact,
  Logon,
  Observation,
  ProcessRef,
  ProcessStarted,
} from '../facts/fact.ts'
import { buildGraph } from './build.ts'
import { createFactStore } from './fold.ts'
import type { Graph } from './graph.ts'

const START = Date.UTC(2026, 0, 5, 9, 0, 0) * 1000

/** A host whose facts are told in order; times are seconds after 2026-01-05 09:00 UTC. */
export function tell(host: string) {
  const facts: Fact[] = []
  let offset = 0
  const base = (seconds: number) => ({
    time: START + Math.round(seconds * 1e6),
    host,
    evidence: { file: 0, offset: (offset += 100), length: 100, recordId: offset / 100 },
  })
  return {
    facts,
    started(seconds: number, process: ProcessRef, parent: ProcessRef = {}, more: Partial<ProcessStarted> = {}) {
      facts.push({ kind: 'process-started', ...base(seconds), process, parent, user: {}, ...more })
      return this
    },
    ended(seconds: number, process: ProcessRef) {
      facts.push({ kind: 'process-ended', ...base(seconds), process })
      return this
    },
    inbound(seconds: number, process: ProcessRef, from: string, to: string, more: Partial<Connection> = {}) {
      const [remoteAddress, remotePort] = split(from)
      const [localAddress, localPort] = split(to)
      facts.push({
        kind: 'connection',
        ...base(seconds),
        process,
        user: {},
        protocol: 'tcp',
        direction: 'inbound',
        localAddress,
        localPort,
        remoteAddress,
        remotePort,
        ...more,
      })
      return this
    },
    outbound(seconds: number, process: ProcessRef, from: string, to: string) {
      const [localAddress, localPort] = split(from)
      const [remoteAddress, remotePort] = split(to)
      facts.push({
        kind: 'connection',
        ...base(seconds),
        process,
        user: {},
        protocol: 'tcp',
        direction: 'outbound',
        localAddress,
        localPort,
        remoteAddress,
        remotePort,
      })
      return this
    },
    logon(seconds: number, account: Logon['account'], address: string, more: Partial<Logon> = {}) {
      facts.push({ kind: 'logon', ...base(seconds), outcome: 'logon', account, logonType: 3, address, ...more })
      return this
    },
    told(seconds: number, how: AddressTold['how'], name: string, address: string, until?: number) {
      facts.push({
        kind: 'address-told',
        ...base(seconds),
        how,
        name,
        address,
        ...(until !== undefined && { until: START + until * 1e6 }),
      })
      return this
    },
    pipe(seconds: number, act: Observation['act'], name: string, actor: ProcessRef, more: Partial<Observation> = {}) {
      facts.push({
        kind: 'observation',
        ...base(seconds),
        channel: { kind: 'named-pipe', host, name },
        act,
        actor,
        detail: {},
        ...more,
      })
      return this
    },
    observed(seconds: number, observation: Pick<Observation, 'channel' | 'act'> & Partial<Observation>) {
      facts.push({ kind: 'observation', ...base(seconds), detail: {}, ...observation })
      return this
    },
    effect(seconds: number, what: Effect['what'], name: string, more: Partial<Effect> = {}) {
      facts.push({ kind: 'effect', ...base(seconds), what, name, detail: {}, ...more })
      return this
    },
    hit(seconds: number, rule: string, process?: ProcessRef) {
      facts.push({ kind: 'rule-hit', ...base(seconds), rule, channel: 'test', eventId: 1, process, matched: {} })
      return this
    },
  }
}

const split = (end: string): [string, number] => [
  end.slice(0, end.lastIndexOf(':')),
  Number(end.slice(end.lastIndexOf(':') + 1)),
]

/** The graph of some hosts' facts. */
export function graphOf(...hosts: { facts: Fact[] }[]): Graph {
  const store = createFactStore()
  hosts.forEach(({ facts }, file) => {
    store.add(facts.map((fact) => ({ ...fact, evidence: { ...fact.evidence, file } })))
  })
  return buildGraph(store)
}
