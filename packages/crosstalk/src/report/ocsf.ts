// A case as OCSF events: a Detection Finding (class 2004) for the case, then one for each finding in it, a line each. OCSF 1.3.0.
import type { Case, CaseEvidence, Finding, Level } from '../cases/case.ts'
import { fileName } from './quantities.ts'
import { type Export, type ExportSource, timeSpan } from './report.ts'

export const ocsf: Export = {
  format: 'ocsf',
  title: 'OCSF 1.3 Detection Findings, JSON lines',
  shape: 'file',
  extension: '.jsonl',
  *files(source) {
    yield { path: 'findings.jsonl', content: lines(source) }
  },
}

/** https://schema.ocsf.io/1.3.0/classes/detection_finding */
const CLASS = { category_uid: 2, category_name: 'Findings', class_uid: 2004, class_name: 'Detection Finding' }
const CREATE = { activity_id: 1, activity_name: 'Create', type_uid: 200401, type_name: 'Detection Finding: Create' }
const NEW = { status_id: 1, status: 'New' }
const SEVERITY: Record<Level, { severity_id: number; severity: string }> = {
  informational: { severity_id: 1, severity: 'Informational' },
  low: { severity_id: 2, severity: 'Low' },
  medium: { severity_id: 3, severity: 'Medium' },
  high: { severity_id: 4, severity: 'High' },
  critical: { severity_id: 5, severity: 'Critical' },
}
/** observable.type_id */
const OBSERVABLE = { hostname: 1, address: 2 }

function* lines({ case: story, findings, summary }: ExportSource): Generator<string> {
  const version = summary?.tool.version ?? 'unknown'
  yield `${JSON.stringify(caseEvent(story, version))}\n`
  for (const finding of findings) yield `${JSON.stringify(findingEvent(story, finding, version))}\n`
}

function caseEvent(story: Case, version: string) {
  const { first, last } = timeSpan(story)
  const [start, end] = [Date.parse(first), Date.parse(last)]
  return {
    ...CLASS,
    ...CREATE,
    ...SEVERITY[story.level],
    ...NEW,
    // The class must have a time; a case that names none is of the epoch, which no one takes for real.
    time: Number.isNaN(end) ? 0 : end,
    ...(Number.isNaN(start) ? {} : { start_time: start, end_time: end }),
    message: story.summary,
    confidence_score: story.confidence,
    is_alert: true,
    metadata: metadata(story.id, version),
    finding_info: {
      uid: story.id,
      title: story.title,
      desc: story.summary,
      types: ['case'],
      analytic: { type_id: 99, type: 'Case', name: 'Crosstalk case', uid: 'crosstalk-case' },
      attacks: story.techniques.map(({ id, name, tactic }) => attack(id, name, tactic)),
      related_events: story.findings.map((uid) => ({ uid })),
      ...(Number.isNaN(start) ? {} : { first_seen_time: start, last_seen_time: end }),
    },
    resources: story.hosts.map((host) => ({ name: host.name, type: 'host', labels: [host.role] })),
    evidences: [
      ...story.processes.map(processEvidence),
      ...story.remotes.map(remoteEvidence),
      ...story.evidence.map(recordEvidence),
    ],
    observables: [
      ...story.hosts.map((host) => ({
        name: 'resources.name',
        type_id: OBSERVABLE.hostname,
        type: 'Hostname',
        value: host.name,
      })),
      ...story.remotes.map(({ address, direction }) => ({
        name: direction === 'inbound' ? 'evidences.src_endpoint.ip' : 'evidences.dst_endpoint.ip',
        type_id: OBSERVABLE.address,
        type: 'IP Address',
        value: address,
      })),
    ],
    remediation: story.containment.length
      ? {
          desc: [...story.containment]
            .sort((a, b) => a.order - b.order)
            .map((action) => `${action.order}. ${action.action}`)
            .join('\n'),
        }
      : undefined,
    unmapped: { reasons: story.reasons, gaps: story.gaps, assumptions: story.assumptions, channels: story.channels },
  }
}

function findingEvent(story: Case, finding: Finding, version: string) {
  const time = Date.parse(finding.time)
  const rule = finding.kind === 'rule'
  return {
    ...CLASS,
    ...CREATE,
    ...SEVERITY[finding.level],
    ...NEW,
    time: Number.isNaN(time) ? 0 : time,
    message: finding.title,
    confidence_score: finding.confidence,
    is_alert: true,
    metadata: metadata(finding.id, version),
    finding_info: {
      uid: finding.id,
      title: finding.title,
      analytic: { type_id: rule ? 1 : 2, type: rule ? 'Rule' : 'Behavioral', name: finding.title, uid: finding.by },
      attacks: finding.techniques.map((id) => attack(id)),
      related_events: [{ uid: story.id }],
      ...(Number.isNaN(time) ? {} : { first_seen_time: time, last_seen_time: time }),
    },
    resources: finding.host ? [{ name: finding.host, type: 'host' }] : [],
    evidences: finding.evidence.map(recordEvidence),
    unmapped: { matched: finding.matched, reasons: finding.reasons, channel: finding.channel },
  }
}

function metadata(uid: string, version: string) {
  return { version: '1.3.0', uid, product: { name: 'Crosstalk', vendor_name: 'Crosstalk', version } }
}

/** A technique; of a sub-technique the parent too. */
function attack(id: string, name?: string, tactic?: string) {
  const parent = id.split('.')[0]
  const own = { uid: id, ...(name ? { name } : {}) }
  return {
    version: '18.1',
    technique: id === parent ? own : { uid: parent },
    ...(id === parent ? {} : { sub_technique: own }),
    ...(tactic ? { tactic: { name: tactic } } : {}),
  }
}

function processEvidence(process: Case['processes'][number]) {
  const hash =
    process.hash && /^[0-9a-f]{64}$/i.test(process.hash)
      ? { hashes: [{ algorithm_id: 3, algorithm: 'SHA-256', value: process.hash }] }
      : {}
  return {
    process: {
      uid: process.key,
      ...(process.pid === undefined ? {} : { pid: process.pid }),
      name: fileName(process.image),
      cmd_line: process.commandLine,
      file: { name: fileName(process.image), path: process.image, type_id: 1, ...hash },
      ...(process.user ? { user: { name: process.user } } : {}),
      ...(process.parentKey ? { parent_process: { uid: process.parentKey } } : {}),
    },
    data: { host: process.host, evidence: process.evidence },
  }
}

function remoteEvidence(remote: Case['remotes'][number]) {
  const end = { ip: remote.address, ...(remote.port === undefined ? {} : { port: remote.port }) }
  return {
    [remote.direction === 'inbound' ? 'src_endpoint' : 'dst_endpoint']: end,
    data: { protocol: remote.protocol, process: remote.process, evidence: remote.evidence },
  }
}

function recordEvidence(evidence: CaseEvidence) {
  return { data: evidence }
}
