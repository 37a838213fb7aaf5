// What was observed, as STIX cyber-observables: addresses, accounts, files, processes, traffic.
import { isIPv4, isIPv6 } from 'node:net'
import type { Case, CaseProcess, CaseRemote } from '../../cases/case.ts'
import { fileName } from '../quantities.ts'
import { observableId, unnamedObservableId } from './stix-id.ts'

export interface StixObject {
  type: string
  id: string
  [property: string]: unknown
}

export interface Observables {
  readonly objects: StixObject[]
  /** process key → id */
  readonly processes: ReadonlyMap<string, string>
}

const CORE = { spec_version: '2.1' }

export function observables(story: Case): Observables {
  const objects = new Map<string, StixObject>()
  const add = (object: StixObject) => {
    objects.set(object.id, object)
    return object.id
  }
  for (const host of story.hosts) for (const address of host.addresses) addAddress(address, add)
  for (const { name, sid } of story.accounts) add(account(name, sid))
  const processes = new Map(
    story.processes.map((process) => [process.key, unnamedObservableId('process', process.host, process.key)]),
  )
  for (const process of story.processes) add(processObject(process, processes, add))
  for (const remote of story.remotes) addTraffic(story, remote, add)
  return { objects: [...objects.values()], processes }
}

type Add = (object: StixObject) => string

function addAddress(address: string, add: Add): string | undefined {
  const type = isIPv4(address) ? 'ipv4-addr' : isIPv6(address) ? 'ipv6-addr' : undefined
  return type && add({ type, ...CORE, id: observableId(type, { value: address }), value: address })
}

function account(name: string, sid: string | undefined): StixObject {
  const domain = name.includes('\\') ? 'windows-domain' : undefined
  const known = { ...(sid ? { user_id: sid } : {}), account_login: name, ...(domain ? { account_type: domain } : {}) }
  return { type: 'user-account', ...CORE, id: observableId('user-account', known), ...known }
}

/** A SHA-256 goes into the file's identity; other notations of hashes stay with the process. */
function imageFile(process: CaseProcess): StixObject {
  const sha256 = /^[0-9a-f]{64}$/i.test(process.hash ?? '') ? process.hash!.toLowerCase() : undefined
  const known = { ...(sha256 ? { hashes: { 'SHA-256': sha256 } } : {}), name: fileName(process.image) || 'unknown' }
  return { type: 'file', ...CORE, id: observableId('file', known), ...known }
}

function processObject(process: CaseProcess, ids: ReadonlyMap<string, string>, add: Add): StixObject {
  const parent = process.parentKey === undefined ? undefined : ids.get(process.parentKey)
  return {
    type: 'process',
    ...CORE,
    id: ids.get(process.key)!,
    ...(process.pid === undefined ? {} : { pid: process.pid }),
    ...(process.start ? { created_time: process.start } : {}),
    command_line: process.commandLine || process.image,
    image_ref: add(imageFile(process)),
    ...(process.user ? { creator_user_ref: add(account(process.user, undefined)) } : {}),
    ...(parent && parent !== ids.get(process.key) ? { parent_ref: parent } : {}),
  }
}

/** Traffic between a host of the case and an address; only where both ends have one, which the specification asks for. */
function addTraffic(story: Case, remote: CaseRemote, add: Add): void {
  const there = addAddress(remote.address, add)
  if (!there) return
  const host = story.processes.find((process) => process.key === remote.process)?.host
  const own = story.hosts
    .find((candidate) => candidate.name === host)
    ?.addresses.find((address) => isIPv4(address) || isIPv6(address))
  const here = own === undefined ? undefined : addAddress(own, add)
  const inbound = remote.direction === 'inbound'
  const ends = inbound
    ? { src_ref: there, ...(here ? { dst_ref: here } : {}) }
    : { ...(here ? { src_ref: here } : {}), dst_ref: there }
  const port = remote.port === undefined ? {} : inbound ? { src_port: remote.port } : { dst_port: remote.port }
  const known = { ...ends, ...port, protocols: [remote.protocol.toLowerCase() || 'ip'] }
  add({ type: 'network-traffic', ...CORE, id: observableId('network-traffic', known), ...known })
}
