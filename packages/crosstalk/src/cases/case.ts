// A case: the words that every report, export and screen shares. case.json is this, as JSON. Times are ISO 8601 UTC.
// Every statement carries ids into `evidence`; what is not known is a gap, never a guess.
import type { ChannelKind } from '../facts/fact.ts'

export type Level = 'informational' | 'low' | 'medium' | 'high' | 'critical'

/** A statement and what it rests on. */
export interface Reason {
  text: string
  /** what kind of support it is; a level above low needs several different kinds */
  support: 'indicator' | 'lineage' | 'adjacency' | 'rarity' | 'before' | 'after' | 'remote' | 'content' | 'baseline'
  /** points it adds to the confidence, 0-100; negative speaks against */
  weight: number
  evidence: string[]
}

export interface CaseTechnique {
  id: string
  name: string
  tactic: string
  reasons: string[]
}

export interface CaseHost {
  name: string
  role: 'target' | 'source' | 'peer'
  addresses: string[]
  firstSeen: string
  lastSeen: string
}

export interface CaseAccount {
  name: string
  sid?: string
  logonId?: string
  host: string
}

export interface CaseProcess {
  key: string
  host: string
  pid?: number
  image: string
  commandLine?: string
  /** what an encoded command in it says, where that is text */
  decodedCommand?: string
  parentKey?: string
  user?: string
  start?: string
  hash?: string
  evidence: string[]
}

export interface CaseChannel {
  kind: ChannelKind
  host: string
  name: string
  /** key of the serving process, where known */
  server?: string
  clients: ({ process: string } | { address: string })[]
  firstSeen: string
  evidence: string[]
}

export interface CaseRemote {
  address: string
  port?: number
  protocol: string
  direction: 'inbound' | 'outbound'
  process?: string
  evidence: string[]
}

export interface TimelineEntry {
  time: string
  host: string
  text: string
  evidence: string[]
}

export interface Step {
  status: 'done' | 'partial' | 'blocked'
  text: string
  facts: { text: string; evidence: string[] }[]
  evidence: string[]
}

/** The six steps of the investigation, in their order. */
export const STEP_NAMES = ['confirm', 'establish', 'collect', 'correlate', 'scope', 'preserve'] as const
export type StepName = (typeof STEP_NAMES)[number]

export interface ContainmentAction {
  /** 1 first: the order spares evidence */
  order: number
  action: string
  why: string
  /** what it destroys or alerts, said before it is done */
  cost: string
  /** commands, filled from evidence only */
  commands: string[]
  evidence: string[]
}

export interface Mitigation {
  /** ATT&CK id, M1042 … */
  id: string
  name: string
  text: string
  reason: string
}

export interface RelatedTechnique {
  technique: string
  name: string
  status: 'chained' | 'not-seen' | 'blind'
  reasons: string[]
}

export interface Gap {
  text: string
  /** what would have shown it: the setting or log to turn on */
  wouldShow: string
}

export interface CaseEvidence {
  id: string
  file: string
  format: string
  offset: number
  length: number
  recordId: number
  sha256: string
  /** for people: the event in a line */
  text?: string
}

export interface Case {
  id: string
  title: string
  summary: string
  level: Level
  /** 0-100 */
  confidence: number
  reasons: Reason[]
  techniques: CaseTechnique[]
  hosts: CaseHost[]
  accounts: CaseAccount[]
  processes: CaseProcess[]
  channels: CaseChannel[]
  remotes: CaseRemote[]
  timeline: TimelineEntry[]
  findings: string[]
  steps: Record<StepName, Step>
  containment: ContainmentAction[]
  mitigations: Mitigation[]
  related: RelatedTechnique[]
  gaps: Gap[]
  assumptions: string[]
  evidence: CaseEvidence[]
}

/** A line of findings.jsonl: a rule's or an analytic's hit. */
export interface Finding {
  id: string
  /** rule id, or analytic id and pattern (`AN1357/pipe-sweep`) */
  by: string
  kind: 'rule' | 'analytic'
  title: string
  level: Level
  confidence: number
  techniques: string[]
  host: string
  time: string
  process?: string
  channel?: { kind: ChannelKind; host: string; name: string }
  reasons: Reason[]
  /** the case that tells its story, when there is one */
  case?: string
  matched?: Record<string, string>
  evidence: CaseEvidence[]
}
