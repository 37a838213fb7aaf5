// Identifiers of STIX objects, made from content: the same case gives the same bundle.
import { createHash } from 'node:crypto'
import { compareText } from '../report.ts'

/** The namespace of cyber-observables (STIX 2.1, 2.9). */
const OBSERVABLES = '00abedb4-aa42-466c-9c01-fed23315a9b7'
/** Of Crosstalk's own objects: UUIDv5 of "crosstalk" in the DNS namespace of RFC 9562. */
const CROSSTALK = uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'crosstalk')

/** The id of a cyber-observable with contributing properties: UUIDv5 of their canonical JSON (STIX 2.1, 2.9). */
export function observableId(type: string, contributing: Record<string, unknown>): string {
  return `${type}--${uuid5(OBSERVABLES, canonicalJson(contributing))}`
}

/** The id of a domain or relationship object, from what makes it what it is. */
export function objectId(type: string, ...parts: readonly string[]): string {
  return `${type}--${uuid5(CROSSTALK, JSON.stringify([type, ...parts]))}`
}

/**
 * The id of an observable without contributing properties (process): the specification wants a version 4 UUID there. This one has that
 * form, but its bits come from the content.
 */
export function unnamedObservableId(type: string, ...parts: readonly string[]): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([type, ...parts]))
    .digest()
  return `${type}--${formatted(hash, 4)}`
}

function uuid5(namespace: string, name: string): string {
  return formatted(
    createHash('sha1')
      .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
      .update(name)
      .digest(),
    5,
  )
}

/** RFC 9562, 4: 16 bytes with version and variant set. */
function formatted(bytes: Buffer, version: number): string {
  const uuid = Buffer.from(bytes.subarray(0, 16))
  uuid[6] = (uuid[6] & 0x0f) | (version << 4)
  uuid[8] = (uuid[8] & 0x3f) | 0x80
  const hex = uuid.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** JSON Canonicalization Scheme (RFC 8785) for what occurs here: strings, integers, lists, objects. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => compareText(a, b)))
      : inner,
  )
}
