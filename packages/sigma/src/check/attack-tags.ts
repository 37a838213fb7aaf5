// Tags (Sigma specification, appendix tags), and what of ATT&CK they name. The vocabulary comes from a STIX bundle that is given at run time; versions differ, and a rule
// may be newer than the bundle.
import { meantHint } from '../near-name.ts'
import { removing } from './repeats.ts'
import { replacing, type Subject } from './subject.ts'

export interface AttackVocabulary {
  /** of the bundle, when it says so */
  readonly version?: string
  /** techniques, groups, software, mitigations, data sources, campaigns: external id in lower case → what became of it */
  readonly objects: ReadonlyMap<
    string,
    { readonly name: string; readonly state: 'current' | 'revoked' | 'deprecated'; readonly by?: string }
  >
  /** short names of tactics, with hyphens */
  readonly tactics: ReadonlySet<string>
}

/** The tactics that ATT&CK 19 (2026) has in the place of defense-evasion. */
const NEWER_TACTICS: readonly string[] = ['stealth', 'defense-impairment']
/** Numbers of techniques rise; one that is a little above all that are loaded was given later (T1685, T1686, T1689, T1690 came with 19). */
const NEWER_TECHNIQUES = 50
const KINDS = /^(?:t\d{4}(?:\.\d{3})?|g\d{4}|s\d{4}|ds\d{4}|m\d{4}|c\d{4}|a\d{4})$/

interface StixObject {
  readonly id?: string
  readonly type?: string
  readonly name?: string
  readonly revoked?: boolean
  readonly x_mitre_deprecated?: boolean
  readonly x_mitre_shortname?: string
  readonly x_mitre_version?: string
  readonly relationship_type?: string
  readonly source_ref?: string
  readonly target_ref?: string
  readonly external_references?: readonly { readonly source_name?: string; readonly external_id?: string }[]
}

const TYPES: readonly string[] = [
  'attack-pattern',
  'intrusion-set',
  'malware',
  'tool',
  'campaign',
  'course-of-action',
  'x-mitre-data-source',
  'x-mitre-asset',
] // prettier-ignore

/** Reads the vocabulary out of a STIX 2 bundle (parsed JSON). Throws TypeError when it is none. */
export function attackVocabulary(bundle: unknown): AttackVocabulary {
  const { objects: list } = (bundle ?? {}) as { objects?: unknown }
  if (!Array.isArray(list)) throw new TypeError('this is no STIX bundle: it has no list of objects')
  const all = list as readonly StixObject[]
  const externalId = (object: StixObject | undefined) =>
    object?.external_references
      ?.find(({ source_name: source }) => source?.startsWith('mitre-'))
      ?.external_id?.toLowerCase()
  const byStixId = new Map(all.map((object) => [object.id, object]))
  const replacedBy = new Map<string | undefined, string>()
  for (const { relationship_type: type, source_ref: source, target_ref: target } of all) {
    const by = type === 'revoked-by' ? externalId(byStixId.get(target)) : undefined
    if (by !== undefined) replacedBy.set(source, by)
  }
  const objects = new Map<string, { name: string; state: 'current' | 'revoked' | 'deprecated'; by?: string }>()
  for (const object of all) {
    const id = TYPES.includes(object.type ?? '') ? externalId(object) : undefined
    if (id === undefined) continue
    const state = object.revoked ? 'revoked' : object.x_mitre_deprecated ? 'deprecated' : 'current'
    // An id may stand for several: a current object counts before one that is none, and a technique before the mitigation that once bore its number.
    const other = objects.get(id)
    if (other && state !== 'current' && (other.state === 'current' || object.type !== 'attack-pattern')) continue
    objects.set(id, { name: object.name ?? id, state, by: replacedBy.get(object.id) })
  }
  const tactics = all.flatMap(({ type, x_mitre_shortname: name }) => (type === 'x-mitre-tactic' && name ? [name] : []))
  const version = all.find(({ type }) => type === 'x-mitre-collection')?.x_mitre_version
  return { ...(version !== undefined && { version }), objects, tactics: new Set(tactics) }
}

const NAMESPACES: readonly string[] = ['attack', 'car', 'cve', 'd3fend', 'detection', 'stp', 'tlp']
const FORMS: Readonly<Record<string, RegExp>> = {
  car: /^car\.\d{4}-\d{2}-\d{3}$/,
  cve: /^cve\.\d{4}-\d{4,}$/,
  stp: /^stp\.[1-5][auk]?$/,
  tlp: /^tlp\.(?:red|amber|amber-strict|green|clear)$/,
  detection: /^detection\.(?:dfir|emerging-threats|threat-hunting)$/,
  d3fend: /^d3fend\.(?:d3-[a-z-]+|d3f-[A-Za-z0-9-]+|model|harden|detect|isolate|deceive|evict)$/,
}

export function checkTags(subject: Subject, attack: AttackVocabulary | undefined): void {
  const seen = new Set<string>()
  subject.rule.tags.forEach((tag, at) => {
    const [namespace, ...rest] = tag.split('.')
    const name = rest.join('.')
    const isUpper = namespace !== 'd3fend' && tag !== tag.toLowerCase()
    if (isUpper || name === '' || /\s/.test(tag)) {
      const fix =
        isUpper && !/\s/.test(tag)
          ? replacing(subject, ['tags', at], 'value', 'write the tag in lower case', (written) => written.toLowerCase())
          : undefined
      subject.report(
        'tag-form',
        ['tags', at],
        `"${tag}" is not namespace.name in lower case${/^[tgs]\d{4}/i.test(tag) ? `: "attack.${tag.toLowerCase()}" was meant?` : ''}`,
        fix,
      )
      return
    }
    if (seen.has(tag))
      subject.report('tag-duplicate', ['tags', at], `"${tag}" stands there twice`, removing(subject, ['tags', at]))
    seen.add(tag)
    if (!NAMESPACES.includes(namespace))
      subject.report(
        'tag-namespace',
        ['tags', at],
        `"${namespace}" is none of Sigma’s namespaces${meantHint(namespace, NAMESPACES) || `: ${NAMESPACES.join(', ')}`}`,
      )
    else if (FORMS[namespace] && !FORMS[namespace].test(tag))
      subject.report('tag-form', ['tags', at], `"${tag}" is not of the form of ${namespace} tags`)
    else if (namespace === 'attack') checkAttackTag(subject, at, name, attack)
  })
}

function checkAttackTag(subject: Subject, at: number, name: string, attack: AttackVocabulary | undefined): void {
  const path = ['tags', at]
  if (/^t\d/.test(name) && !KINDS.test(name)) {
    subject.report('tag-form', path, `"${name}" is no technique’s number: attack.t1059, attack.t1059.001`)
    return
  }
  if (!KINDS.test(name)) {
    checkTactic(subject, at, name, attack)
    return
  }
  if (!attack) return
  const object = attack.objects.get(name)
  const version = attack.version === undefined ? 'the loaded version' : `version ${attack.version}, which is loaded`
  if (!object) {
    const number = Number(/^t(\d{4})/.exec(name)?.[1] ?? 0)
    if (number > newest(attack) && number <= newest(attack) + NEWER_TECHNIQUES)
      subject.report('attack-newer', path, `${name.toUpperCase()} is newer than ${version} of ATT&CK`)
    else subject.report('attack-unknown', path, `${name.toUpperCase()} is not in ${version} of ATT&CK`)
  } else if (object.state === 'revoked')
    subject.report(
      'attack-revoked',
      path,
      `${name.toUpperCase()} (${object.name}) was revoked${object.by ? `: ${object.by.toUpperCase()} took its place` : ''}`,
      object.by === undefined
        ? undefined
        : replacing(subject, path, 'value', `write ${object.by.toUpperCase()}`, (written) =>
            written.replace(name, object.by!),
          ),
    )
  else if (object.state === 'deprecated')
    subject.report('attack-deprecated', path, `${name.toUpperCase()} (${object.name}) is deprecated`)
}

/** The highest number of a technique that the vocabulary has. */
function newest(attack: AttackVocabulary): number {
  let highest = newestTechnique.get(attack)
  if (highest === undefined) {
    highest = 0
    for (const id of attack.objects.keys()) if (/^t\d{4}/.test(id)) highest = Math.max(highest, Number(id.slice(1, 5)))
    newestTechnique.set(attack, highest)
  }
  return highest
}
const newestTechnique = new WeakMap<AttackVocabulary, number>()

const TACTICS: readonly string[] = [
  'reconnaissance',
  'resource-development',
  'initial-access',
  'execution',
  'persistence',
  'privilege-escalation',
  'defense-evasion',
  'credential-access',
  'discovery',
  'lateral-movement',
  'collection',
  'command-and-control',
  'exfiltration',
  'impact',
] // prettier-ignore

function checkTactic(subject: Subject, at: number, name: string, attack: AttackVocabulary | undefined): void {
  const path = ['tags', at]
  const known = attack?.tactics ?? new Set(TACTICS)
  if (known.has(name)) return
  const hyphened = name.replaceAll('_', '-')
  if (hyphened !== name && (known.has(hyphened) || NEWER_TACTICS.includes(hyphened)))
    subject.report(
      'tag-form',
      path,
      `tactics are written with hyphens: attack.${hyphened}`,
      replacing(subject, path, 'value', 'write the tactic with hyphens', (written) => written.replace(name, hyphened)),
    )
  else if (NEWER_TACTICS.includes(name)) {
    if (attack)
      subject.report(
        'attack-newer',
        path,
        `the tactic "${name}" is newer than the loaded version of ATT&CK, where it is part of defense-evasion`,
      )
  } else if (name === 'defense-evasion')
    subject.report(
      'attack-revoked',
      path,
      'the tactic "defense-evasion" was split into "stealth" and "defense-impairment"',
    )
  else
    subject.report(
      'attack-unknown',
      path,
      `ATT&CK has no tactic "${name}"${meantHint(name, [...known, ...NEWER_TACTICS])}`,
    )
}
