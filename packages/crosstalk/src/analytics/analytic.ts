// What an analytic is: a file that looks at the graph for one documented abuse (an ATT&CK detection-strategy analytic and its patterns) and
// says what it found and why. It never judges alone: its reasons are weighed together with others' when the case is made.
import type { Reason } from '../cases/case.ts'
import type { ChannelKind, Fact } from '../facts/fact.ts'
import type { Graph, HostNode, ProcessNode, SessionNode } from '../graph/graph.ts'

/** A reason that still holds its facts. */
export interface FactReason {
  text: string
  support: Reason['support']
  weight: number
  facts: Fact[]
}

export interface ChannelClaim {
  kind: ChannelKind
  host: string
  name: string
  server?: ProcessNode
  clients: ({ process: ProcessNode } | { address: string })[]
  time: number
  facts: Fact[]
}

export interface RemoteClaim {
  address: string
  port?: number
  protocol: string
  direction: 'inbound' | 'outbound'
  process?: ProcessNode
  facts: Fact[]
}

/** What an analytic saw, tied to the graph. */
export interface Detection {
  /** `AN0628/dcom-execution` */
  by: string
  title: string
  host: HostNode
  /** µs, first and last */
  time: number
  until: number
  techniques: { id: string; reason: string }[]
  /** the processes it is about, the most telling first */
  processes: ProcessNode[]
  sessions: SessionNode[]
  channels: ChannelClaim[]
  remotes: RemoteClaim[]
  reasons: FactReason[]
  gaps: DetectionGap[]
  assumptions: string[]
  /** `host` names as they stand in the graph of other machines that take part */
  others: { host: HostNode; role: 'source' | 'peer' }[]
}

export interface DetectionGap {
  text: string
  wouldShow: string
  /** what happened there would answer it: it is no gap of a case that tells what did */
  answeredOn?: HostNode
}

export interface AnalyticContext {
  graph: Graph
  rules: ReadonlyMap<string, RuleInfo>
}

/** What a hunt needs to know of a rule that matched. */
export interface RuleInfo {
  id: string
  title: string
  level: 'informational' | 'low' | 'medium' | 'high' | 'critical'
  tags: readonly string[]
  description?: string
}

export interface Analytic {
  /** the ATT&CK analytic that it executes */
  id: string
  title: string
  techniques: readonly string[]
  platforms: readonly ('Windows' | 'Linux' | 'macOS')[]
  find(context: AnalyticContext): Detection[]
}

/** A detection with its lists empty, to be filled. */
export function detection(by: string, title: string, host: HostNode, time: number): Detection {
  return {
    by,
    title,
    host,
    time,
    until: time,
    techniques: [],
    processes: [],
    sessions: [],
    channels: [],
    remotes: [],
    reasons: [],
    gaps: [],
    assumptions: [],
    others: [],
  }
}
