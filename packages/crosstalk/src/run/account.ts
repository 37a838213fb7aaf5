// The account of a run: what was read, what was not and why. It adds up: bytes = read + skipped, files = read + not recognised + unreadable.
import type { Level } from '../cases/case.ts'
import type { ClockSkew } from '../graph/graph.ts'

export interface SkipCount {
  reason: string
  count: number
  bytes: number
  /** `file @ offset`, the first few */
  examples: string[]
}

export interface FileAccount {
  file: string
  /** undefined: not recognised or not readable, `problem` says why */
  format?: string
  bytes: number
  events: number
  skipped: SkipCount[]
  problem?: string
}

export interface RunAccount {
  files: { total: number; read: number; unrecognised: number; unreadable: number; empty: number }
  bytes: { total: number; read: number; skipped: number }
  events: { read: number; outsideTime: number; skipped: number; byFormat: Record<string, number> }
  skipped: SkipCount[]
  /** files that were not read as a whole, named */
  problems: { file: string; problem: string }[]
  rules: {
    loaded: number
    refused: { file: string; line: number; column: number; reason: string }[]
    other: Record<string, number>
  }
  matches: { total: number; byLevel: Record<Level, number> }
  /** seconds */
  time: { rules: number; read: number; judge: number; total: number }
}

/** summary.json of a hunt. */
export interface RunSummary {
  tool: { name: 'crosstalk'; version: string }
  started: string
  arguments: string[]
  account: RunAccount
  cases: { id: string; title: string; level: Level; confidence: number; hosts: string[]; techniques: string[] }[]
  findings: {
    total: number
    byLevel: Record<Level, number>
    byTechnique: Record<string, number>
    byHost: Record<string, number>
  }
  gaps: { text: string; wouldShow: string }[]
  /** how far clocks of hosts are apart, as far as it could be estimated; no time in the results is corrected by it */
  clocks: readonly ClockSkew[]
  /** bounds that were hit: what was forgotten because of them */
  bounds: string[]
}
