// Evidence of a case: which records it rests on. While a case is built, a record is named by where it lies; when it is done, the records are
// read again, hashed, and named by their content, so that two machines that hold the same record name it alike.
import type { Fact } from '../facts/fact.ts'
import type { Case, CaseEvidence, Finding } from './case.ts'

export interface EvidenceRequest {
  file: number
  offset: number
  length: number
  recordId: number
}

export interface InputName {
  name: string
  format: string
}

/** Reads records again: calls back once for each that could be read, in any order. */
export type ReadEvidence = (
  requests: readonly EvidenceRequest[],
  onRecord: (request: EvidenceRequest, bytes: Uint8Array, sha256: string) => void,
) => Promise<void>

export const placeOf = (evidence: { file: number; offset: number }) => `${evidence.file}:${evidence.offset}`

/** Collects the places that a case or finding rests on. */
export interface EvidenceList {
  /** the places of the facts, remembered for the list */
  of(facts: readonly Fact[]): string[]
  entries(): { place: string; request: EvidenceRequest; text: string }[]
}

export function evidenceList(describe: (fact: Fact) => string): EvidenceList {
  const byPlace = new Map<string, { place: string; request: EvidenceRequest; text: string }>()
  return {
    of: (facts) => [
      ...new Set(
        facts.map((fact) => {
          const place = placeOf(fact.evidence)
          if (!byPlace.has(place)) byPlace.set(place, { place, request: fact.evidence, text: describe(fact) })
          return place
        }),
      ),
    ],
    entries: () => [...byPlace.values()],
  }
}

/** Hashes of all places that cases and findings name; those whose bytes can no longer be read are missing. */
export async function hashEvidence(
  requests: ReadonlyMap<string, EvidenceRequest>,
  read: ReadEvidence,
): Promise<Map<string, string>> {
  const hashes = new Map<string, string>()
  await read([...requests.values()], (request, _, sha256) => hashes.set(placeOf(request), sha256))
  return hashes
}

/** `ev-` and the first 16 digits of the record's SHA-256; a record that could not be read again keeps its place as name. */
export const evidenceId = (sha256: string | undefined, place: string) =>
  sha256 ? `ev-${sha256.slice(0, 16)}` : `ev-unread-${place.replace(':', '-')}`

export function evidenceEntries(
  list: EvidenceList,
  inputs: readonly InputName[],
  hashes: ReadonlyMap<string, string>,
): CaseEvidence[] {
  const byId = new Map<string, CaseEvidence>()
  for (const { place, request, text } of list.entries()) {
    const sha256 = hashes.get(place)
    const id = evidenceId(sha256, place)
    if (byId.has(id)) continue
    const input = inputs[request.file]
    byId.set(id, {
      id,
      file: input?.name ?? '',
      format: input?.format ?? '',
      offset: request.offset,
      length: request.length,
      recordId: request.recordId,
      sha256: sha256 ?? '',
      text,
    })
  }
  return [...byId.values()]
}

/** Replaces places by ids in every `evidence` list of a case or finding. */
export function renameEvidence(root: Case | Finding | object, hashes: ReadonlyMap<string, string>): void {
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const one of value) visit(one)
      return
    }
    if (value === null || typeof value !== 'object') return
    const holder = value as Record<string, unknown>
    for (const [name, inner] of Object.entries(holder)) {
      if (name === 'evidence' && Array.isArray(inner) && inner.every((one) => typeof one === 'string')) {
        holder[name] = [
          ...new Set(
            inner.map((place: string) => (place.startsWith('ev-') ? place : evidenceId(hashes.get(place), place))),
          ),
        ]
      } else visit(inner)
    }
  }
  visit(root)
}
