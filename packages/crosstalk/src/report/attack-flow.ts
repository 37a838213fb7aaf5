// A case as an Attack Flow 2.0 (Center for Threat-Informed Defense): a STIX bundle whose actions are the findings in the order of time.
import type { Case, Finding } from '../cases/case.ts'
import { compareText, type Export, type ExportSource } from './report.ts'
import { bundleJson, type CaseObjects, caseObjects, stixTime } from './stix/bundle.ts'
import type { StixObject } from './stix/observables.ts'
import { objectId } from './stix/stix-id.ts'

export const attackFlow: Export = {
  format: 'attack-flow',
  title: 'Attack Flow 2.0, a STIX 2.1 bundle',
  shape: 'file',
  extension: '.json',
  *files(source) {
    yield { path: 'attack-flow.json', content: [bundleJson(`${source.case.id} attack-flow`, flowObjects(source))] }
  },
}

/** The extension's own definition, and who made it, which a bundle must carry (attack-flow-extension-2.0.0.json). */
const EXTENSION_ID = 'extension-definition--fb9c968a-745b-4ade-9b25-c324172197f4'
const CTID_ID = 'identity--d673f8cb-c168-42da-8ed4-0cb26725f86c'
const MADE = { created: '2022-08-02T19:34:35.143Z', modified: '2022-08-02T19:34:35.143Z', created_by_ref: CTID_ID }
const EXTENSION: readonly StixObject[] = [
  {
    type: 'extension-definition',
    id: EXTENSION_ID,
    spec_version: '2.1',
    ...MADE,
    name: 'Attack Flow',
    description: 'Extends STIX 2.1 with features to create Attack Flows.',
    schema: 'https://center-for-threat-informed-defense.github.io/attack-flow/stix/attack-flow-schema-2.0.0.json',
    version: '2.0.0',
    extension_types: ['new-sdo'],
  },
  {
    type: 'identity',
    id: CTID_ID,
    spec_version: '2.1',
    ...MADE,
    name: 'MITRE Center for Threat-Informed Defense',
    identity_class: 'organization',
  },
]
const EXTENDED = { extensions: { [EXTENSION_ID]: { extension_type: 'new-sdo' } } }

function flowObjects(source: ExportSource): StixObject[] {
  const { case: story, findings } = source
  const objects = caseObjects(source)
  const assets = new Map(story.hosts.map((host) => [host.name, asset(host, objects)]))
  const actions = findings.some((finding) => finding.techniques.length)
    ? chained(story, findings, objects, assets)
    : unchained(story, objects)
  const extended = [flow(story, actions, objects), ...actions.all, ...(actions.all.length ? assets.values() : [])]
  return [...EXTENSION, ...(actions.all.length ? extended : []), ...objects.all]
}

interface Actions {
  all: StixObject[]
  first: string[]
}

function flow(story: Case, { first }: Actions, { common }: CaseObjects): StixObject {
  return {
    type: 'attack-flow',
    id: objectId('attack-flow', story.id),
    ...common,
    name: story.title,
    description: `${story.summary}\nArrows follow the order of time in which findings were made; that one caused the next is not claimed.`,
    scope: 'incident',
    start_refs: first,
    ...EXTENDED,
  }
}

/** An action a finding and technique, each leading to those of the next moment. */
function chained(
  story: Case,
  findings: readonly Finding[],
  objects: CaseObjects,
  assets: ReadonlyMap<string, StixObject>,
): Actions {
  const ordered = findings
    .filter((finding) => finding.techniques.length)
    .sort((a, b) => compareText(a.time, b.time) || compareText(a.id, b.id))
  const ids = ordered.map((finding) =>
    finding.techniques.map((technique) => objectId('attack-action', story.id, finding.id, technique)),
  )
  const all = ordered.flatMap((finding, at) =>
    finding.techniques.map((technique, index) => {
      const time = stixTime(finding.time)
      const host = assets.get(finding.host)
      const process = finding.process === undefined ? undefined : objects.processes.get(finding.process)
      return {
        ...action(ids[at][index], finding.title, technique, story, objects),
        ...(time ? { execution_start: time } : {}),
        ...(process ? { command_ref: process } : {}),
        ...(host ? { asset_refs: [host.id] } : {}),
        ...(ids[at + 1] ? { effect_refs: ids[at + 1] } : {}),
      }
    }),
  )
  return { all, first: ids[0] ?? [] }
}

/** Without findings nothing says what came first: each technique stands for itself. */
function unchained(story: Case, objects: CaseObjects): Actions {
  const all = story.techniques.map(({ id, name }) =>
    action(objectId('attack-action', story.id, id), name || id, id, story, objects),
  )
  return { all, first: all.map((one) => one.id) }
}

function action(
  id: string,
  name: string,
  technique: string,
  story: Case,
  { common, patterns }: CaseObjects,
): StixObject {
  const known = story.techniques.find((one) => one.id === technique)
  const pattern = patterns.get(technique)
  return {
    type: 'attack-action',
    id,
    ...common,
    name,
    technique_id: technique,
    ...(pattern ? { technique_ref: pattern.id } : {}),
    ...(known?.reasons.length ? { description: known.reasons.join('\n') } : {}),
    ...EXTENDED,
  }
}

function asset(host: Case['hosts'][number], { common, hosts }: CaseObjects): StixObject {
  const identity = hosts.get(host.name)
  return {
    type: 'attack-asset',
    id: objectId('attack-asset', host.name),
    ...common,
    name: host.name || 'unknown',
    description: [host.role, ...host.addresses].join(', '),
    ...(identity ? { object_ref: identity.id } : {}),
    ...EXTENDED,
  }
}
