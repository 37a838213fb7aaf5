// A case as a STIX 2.1 bundle: a report of what was observed, on which hosts, and the techniques that it shows.
import type { Case } from '../../cases/case.ts'
import { type Export, type ExportSource, timeSpan } from '../report.ts'
import { observables, type StixObject } from './observables.ts'
import { objectId } from './stix-id.ts'

export const stix: Export = {
  format: 'stix',
  title: 'STIX 2.1 bundle',
  shape: 'file',
  extension: '.json',
  *files(source) {
    const { case: story } = source
    yield { path: 'bundle.json', content: [bundleJson(story.id, caseObjects(source).all)] }
  },
}

/** The objects of a case, for this bundle and for what builds on it. */
export interface CaseObjects {
  all: StixObject[]
  producer: StixObject
  /** technique id → attack-pattern */
  patterns: ReadonlyMap<string, StixObject>
  /** host name → identity */
  hosts: ReadonlyMap<string, StixObject>
  /** process key → id */
  processes: ReadonlyMap<string, string>
  /** created, modified, created_by_ref */
  common: Record<string, unknown>
}

export function bundleJson(seed: string, objects: readonly StixObject[]): string {
  const unique = [...new Map(objects.map((object) => [object.id, object])).values()]
  return `${JSON.stringify({ type: 'bundle', id: objectId('bundle', seed), objects: unique }, null, 2)}\n`
}

export function caseObjects({ case: story, summary }: ExportSource): CaseObjects {
  const { first, last } = timeSpan(story)
  // Every object must say when it was made. The time is the case's own, so that the same case gives the same bundle.
  const made = stixTime(last) ?? stixTime(summary?.started ?? '') ?? '1970-01-01T00:00:00.000Z'
  const producer: StixObject = {
    type: 'identity',
    spec_version: '2.1',
    id: objectId('identity', 'crosstalk'),
    created: '2026-01-01T00:00:00.000Z',
    modified: '2026-01-01T00:00:00.000Z',
    name: 'Crosstalk',
    identity_class: 'system',
  }
  const common = { spec_version: '2.1', created_by_ref: producer.id, created: made, modified: made }
  const seen = observables(story)
  const patterns = new Map(story.techniques.map((technique) => [technique.id, attackPattern(technique, common)]))
  const hosts = new Map(story.hosts.map((host) => [host.name, hostIdentity(host, common)]))
  const observed = observedData(story, seen.objects, { first: stixTime(first) ?? made, last: made }, common)
  const sightings = [...patterns.values()].map((pattern) =>
    sighting(pattern, observed, [...hosts.values()], story, common),
  )
  const notes = storyNotes(story, common, [...seen.processes.values()])
  const actions = story.mitigations.map((one) => courseOfAction(one, common))
  const told = [...patterns.values(), ...hosts.values(), ...observed, ...sightings, ...notes, ...actions]
  return {
    all: [producer, report(story, told, made, common), ...told, ...seen.objects],
    producer,
    patterns,
    hosts,
    processes: seen.processes,
    common,
  }
}

type Common = Record<string, unknown>

function report(story: Case, told: readonly StixObject[], published: string, common: Common): StixObject {
  const refs = [...new Set(told.map((object) => object.id))]
  const id = objectId('report', story.id)
  return {
    type: 'report',
    id,
    ...common,
    name: story.title,
    description: story.summary,
    report_types: ['observed-data', 'attack-pattern'],
    published,
    confidence: story.confidence,
    labels: [story.level],
    external_references: [{ source_name: 'crosstalk', external_id: story.id }],
    // A report must refer to something.
    object_refs: refs.length ? refs : [String(common.created_by_ref)],
  }
}

function attackPattern({ id, name, tactic }: Case['techniques'][number], common: Common): StixObject {
  return {
    type: 'attack-pattern',
    id: objectId('attack-pattern', id),
    ...common,
    name: name || id,
    external_references: [
      {
        source_name: 'mitre-attack',
        external_id: id,
        url: `https://attack.mitre.org/techniques/${encodeURIComponent(id).replace('.', '/')}`,
      },
    ],
    ...(tactic ? { kill_chain_phases: [{ kill_chain_name: 'mitre-attack', phase_name: tactic }] } : {}),
  }
}

function hostIdentity(host: Case['hosts'][number], common: Common): StixObject {
  return {
    type: 'identity',
    id: objectId('identity', 'host', host.name),
    ...common,
    name: host.name || 'unknown',
    identity_class: 'system',
    roles: [host.role],
  }
}

function observedData(
  story: Case,
  objects: readonly StixObject[],
  span: { first: string; last: string },
  common: Common,
): StixObject[] {
  if (!objects.length) return []
  return [
    {
      type: 'observed-data',
      id: objectId('observed-data', story.id),
      ...common,
      first_observed: span.first,
      last_observed: span.last,
      number_observed: 1,
      object_refs: objects.map((object) => object.id),
    },
  ]
}

function sighting(
  pattern: StixObject,
  observed: readonly StixObject[],
  hosts: readonly StixObject[],
  story: Case,
  common: Common,
): StixObject {
  return {
    type: 'sighting',
    id: objectId('sighting', story.id, pattern.id),
    ...common,
    confidence: story.confidence,
    sighting_of_ref: pattern.id,
    ...(observed.length ? { observed_data_refs: observed.map((object) => object.id) } : {}),
    ...(hosts.length ? { where_sighted_refs: hosts.map((host) => host.id) } : {}),
  }
}

/** What STIX has no object for, in words: the channels, the reasons, the gaps, and where the records lie. */
function storyNotes(story: Case, common: Common, processes: readonly string[]): StixObject[] {
  const about = processes.length ? processes : [objectId('report', story.id)]
  const channels = story.channels.map((channel) => `${channel.kind} ${channel.name} on ${channel.host}`)
  const reasons = story.reasons.map(
    (reason) => `${reason.weight < 0 ? '-' : '+'}${Math.abs(reason.weight)} ${reason.support}: ${reason.text}`,
  )
  const gaps = story.gaps.map((gap) => `${gap.text} (would show it: ${gap.wouldShow})`)
  const records = story.evidence.map(
    (piece) => `${piece.file} record ${piece.recordId} at ${piece.offset}+${piece.length} sha256 ${piece.sha256}`,
  )
  return Object.entries({
    Channels: channels,
    Reasons: reasons,
    Gaps: gaps,
    Assumptions: story.assumptions,
    Evidence: records,
  })
    .filter(([, lines]) => lines.length)
    .map(([abstract, lines]) => ({
      type: 'note',
      id: objectId('note', story.id, abstract),
      ...common,
      abstract,
      content: lines.join('\n'),
      object_refs: about,
    }))
}

function courseOfAction(mitigation: Case['mitigations'][number], common: Common): StixObject {
  return {
    type: 'course-of-action',
    id: objectId('course-of-action', mitigation.id, mitigation.text),
    ...common,
    name: mitigation.name || mitigation.id,
    description: mitigation.text,
    external_references: [{ source_name: 'mitre-attack', external_id: mitigation.id }],
  }
}

/** A STIX timestamp: RFC 3339 in UTC with milliseconds. */
export function stixTime(time: string): string | undefined {
  const milliseconds = Date.parse(time)
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString()
}
