// The files that a hunt leaves for other programs: summary.json, findings.jsonl, cases/<id>/case.json. Keys stand in the contract's order
// whoever made the objects, so that two runs over the same telemetry can be compared byte by byte.
import type { Case, Finding } from '../cases/case.ts'
import type { RunSummary } from '../run/account.ts'
import { compareText } from './report.ts'

/** The contract's words in the contract's order (cases/case.ts, run/account.ts); what is not named here follows by name. */
const ORDER = [
  ...['tool', 'started', 'arguments', 'account', 'version'],
  ...[
    'id',
    'by',
    'kind',
    'order',
    'action',
    'technique',
    'time',
    'name',
    'tactic',
    'title',
    'summary',
    'level',
    'confidence',
  ],
  ...['text', 'support', 'weight', 'status', 'why', 'cost', 'commands', 'reason', 'reasons', 'techniques'],
  ...[
    'key',
    'host',
    'pid',
    'image',
    'commandLine',
    'decodedCommand',
    'parentKey',
    'user',
    'start',
    'hash',
    'server',
    'clients',
    'role',
    'addresses',
  ],
  ...['address', 'port', 'protocol', 'direction', 'process', 'channel', 'sid', 'logonId', 'firstSeen', 'lastSeen'],
  ...['hosts', 'accounts', 'processes', 'channels', 'remotes', 'timeline', 'findings'],
  ...['steps', 'confirm', 'establish', 'collect', 'correlate', 'scope', 'preserve', 'facts'],
  ...[
    'containment',
    'mitigations',
    'related',
    'gaps',
    'wouldShow',
    'assumptions',
    'case',
    'cases',
    'matched',
    'evidence',
  ],
  ...['file', 'format', 'line', 'column', 'offset', 'length', 'recordId', 'sha256'],
]
const RANK = new Map(ORDER.map((key, at) => [key, at]))

export function caseJson(story: Case): string {
  return `${JSON.stringify(story, inOrder, 2)}\n`
}

export function summaryJson(summary: RunSummary): string {
  return `${JSON.stringify(summary, inOrder, 2)}\n`
}

/** A line a finding, in the order given. */
export function* findingsJsonl(findings: Iterable<Finding>): Generator<string> {
  for (const finding of findings) yield `${JSON.stringify(finding, inOrder)}\n`
}

function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value)
  return Object.fromEntries(entries.sort(([a], [b]) => rank(a) - rank(b) || compareText(a, b)))
}

function rank(key: string): number {
  return RANK.get(key) ?? ORDER.length
}
