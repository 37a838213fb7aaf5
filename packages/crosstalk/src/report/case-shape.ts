// Whether JSON is a case: checked once where it comes in, trusted from there on. Fields that are not named here are let through.
import type { Case, Finding } from '../cases/case.ts'
import { LEVELS } from './report.ts'

/** What is wrong, and where (`reasons[3].weight: not a number`); undefined when nothing is. */
type Check = (value: unknown, at: string) => string | undefined

const text: Check = (value, at) => (typeof value === 'string' ? undefined : `${at}: not a text`)
const number: Check = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? undefined : `${at}: not a number`
const among =
  (words: readonly string[]): Check =>
  (value, at) =>
    words.includes(value as string) ? undefined : `${at}: not one of ${words.join(', ')}`
const optional =
  (check: Check): Check =>
  (value, at) =>
    value === undefined || value === null ? undefined : check(value, at)
const list =
  (check: Check): Check =>
  (value, at) => {
    if (!Array.isArray(value)) return `${at}: not a list`
    for (const [index, one] of value.entries()) {
      const wrong = check(one, `${at}[${index}]`)
      if (wrong) return wrong
    }
    return undefined
  }
const object =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at || 'the file'}: not an object`
    for (const [name, check] of Object.entries(fields)) {
      const wrong = check((value as Record<string, unknown>)[name], at ? `${at}.${name}` : name)
      if (wrong) return wrong
    }
    return undefined
  }

const texts = list(text)
const level = among(LEVELS)
const evidence = object({
  id: text,
  file: text,
  format: text,
  offset: number,
  length: number,
  recordId: number,
  sha256: text,
  text: optional(text),
})
const reason = object({ text, support: text, weight: number, evidence: texts })
const step = object({
  status: among(['done', 'partial', 'blocked']),
  text,
  facts: list(object({ text, evidence: texts })),
  evidence: texts,
})
const client: Check = (value, at) =>
  object({ process: text })(value, at) && object({ address: text })(value, at)
    ? `${at}: neither a process nor an address`
    : undefined

const caseFields = object({
  id: text,
  title: text,
  summary: text,
  level,
  confidence: number,
  reasons: list(reason),
  techniques: list(object({ id: text, name: text, tactic: text, reasons: texts })),
  hosts: list(
    object({
      name: text,
      role: among(['target', 'source', 'peer']),
      addresses: texts,
      firstSeen: text,
      lastSeen: text,
    }),
  ),
  accounts: list(object({ name: text, host: text, sid: optional(text), logonId: optional(text) })),
  processes: list(
    object({
      key: text,
      host: text,
      image: text,
      pid: optional(number),
      commandLine: optional(text),
      decodedCommand: optional(text),
      parentKey: optional(text),
      user: optional(text),
      start: optional(text),
      hash: optional(text),
      evidence: texts,
    }),
  ),
  channels: list(
    object({
      kind: text,
      host: text,
      name: text,
      server: optional(text),
      clients: list(client),
      firstSeen: text,
      evidence: texts,
    }),
  ),
  remotes: list(
    object({
      address: text,
      port: optional(number),
      protocol: text,
      direction: among(['inbound', 'outbound']),
      process: optional(text),
      evidence: texts,
    }),
  ),
  timeline: list(object({ time: text, host: text, text, evidence: texts })),
  findings: texts,
  steps: object({ confirm: step, establish: step, collect: step, correlate: step, scope: step, preserve: step }),
  containment: list(object({ order: number, action: text, why: text, cost: text, commands: texts, evidence: texts })),
  mitigations: list(object({ id: text, name: text, text, reason: text })),
  related: list(
    object({ technique: text, name: text, status: among(['chained', 'not-seen', 'blind']), reasons: texts }),
  ),
  gaps: list(object({ text, wouldShow: text })),
  assumptions: texts,
  evidence: list(evidence),
})

const findingFields = object({
  id: text,
  by: text,
  kind: among(['rule', 'analytic']),
  title: text,
  level,
  confidence: number,
  techniques: texts,
  host: text,
  time: text,
  process: optional(text),
  reasons: list(reason),
  evidence: list(evidence),
})

/** The case; or what keeps the JSON from being one. */
export function asCase(value: unknown): { case: Case } | { problem: string } {
  const problem = caseFields(value, '')
  return problem ? { problem } : { case: withoutNulls(value) as Case }
}

export function asFinding(value: unknown): Finding | undefined {
  return findingFields(value, '') ? undefined : (withoutNulls(value) as Finding)
}

/** JSON of other programs writes null for what is absent. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined)
  return Object.fromEntries(fields.map(([name, inner]) => [name, withoutNulls(inner)]))
}
