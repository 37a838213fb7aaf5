// Reads records again, for their hashes: grouped by input, in the order in which they lie, so that each file is opened once.
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import type { EvidenceRequest, ReadEvidence } from '../cases/evidence.ts'
import { expand } from '../sources/containers/expand.ts'
import type { ContainerLimits } from '../sources/containers/limits.ts'
import { InputError } from '../sources/input-error.ts'
import type { Input } from '../sources/source.ts'
import { fileInput } from './file-input.ts'
import { type FilePath, systemPath } from './file-path.ts'

/** Longer than any record; a request for more is a mistake, and memory is not risked for it. */
const MAX_RECORD_BYTES = 64 << 20

/** Where an input lies: itself on disk, or as an entry of the archive on disk. */
export interface InputPlace {
  name: string
  path: FilePath
  size: number
  /** name of the file on disk: the same as `name` for plain files */
  file: string
}

/** `inputs` by the index that evidence carries. What can't be read any more is left out. */
export function evidenceReader(inputs: readonly InputPlace[], limits?: Partial<ContainerLimits>): ReadEvidence {
  return async (requests, onRecord) => {
    const byInput = new Map<number, EvidenceRequest[]>()
    for (const request of requests) {
      if (!(request.length > 0 && request.length <= MAX_RECORD_BYTES)) continue
      const list = byInput.get(request.file)
      if (list) list.push(request)
      else byInput.set(request.file, [request])
    }
    const took = (request: EvidenceRequest, bytes: Uint8Array) =>
      onRecord(request, bytes, createHash('sha256').update(bytes).digest('hex'))
    const archives = new Map<string, ArchiveWants>()
    for (const [index, list] of byInput) {
      const place = inputs[index]
      if (!place) continue
      list.sort((a, b) => a.offset - b.offset || a.length - b.length)
      if (place.name === place.file) await attempt(() => readFromFile(place.path, list, took))
      else {
        const wants = archives.get(place.file) ?? { ...place, entries: new Map() }
        wants.entries.set(place.name, list)
        archives.set(place.file, wants)
      }
    }
    for (const wants of archives.values()) await attempt(() => readFromArchive(wants, limits, took))
  }
}

/** What an archive on disk is opened for: requests by entry. */
interface ArchiveWants extends InputPlace {
  entries: Map<string, EvidenceRequest[]>
}

/** Gone or changed since it was read: the case says which records could not be read a second time. */
async function attempt(read: () => void | Promise<void>): Promise<void> {
  try {
    await read()
  } catch (error) {
    if (!(error instanceof InputError) && (error as NodeJS.ErrnoException).code === undefined) throw error
  }
}

type Took = (request: EvidenceRequest, bytes: Uint8Array) => void

function readFromFile(path: FilePath, requests: readonly EvidenceRequest[], took: Took): void {
  const descriptor = openSync(systemPath(path), 'r')
  try {
    for (const request of requests) {
      const bytes = Buffer.alloc(request.length)
      if (readSync(descriptor, bytes, 0, request.length, request.offset) === request.length) took(request, bytes)
    }
  } finally {
    closeSync(descriptor)
  }
}

/** One walk through the archive, as far as the last entry that is wanted. */
async function readFromArchive(
  { file, path, size, entries }: ArchiveWants,
  limits: Partial<ContainerLimits> | undefined,
  took: Took,
): Promise<void> {
  const wanted = new Map(entries)
  for await (const entry of expand(fileInput(file, path, size), { limits, onProblem: () => {} })) {
    const requests = wanted.get(entry.name)
    if (!requests) continue
    wanted.delete(entry.name)
    await attempt(() => readFromStream(entry, requests, took))
    if (!wanted.size) return
  }
}

/** One pass over the stream; requests may overlap. */
async function readFromStream(input: Input, requests: readonly EvidenceRequest[], took: Took): Promise<void> {
  const last = requests.reduce((end, { offset, length }) => Math.max(end, offset + length), 0)
  let open: { request: EvidenceRequest; bytes: Uint8Array; filled: number }[] = []
  let next = 0
  let at = requests[0].offset
  for await (const piece of input.open(at, last)) {
    const end = at + piece.length
    for (; next < requests.length && requests[next].offset < end; next++) {
      const request = requests[next]
      open.push({ request, bytes: new Uint8Array(request.length), filled: 0 })
    }
    open = open.filter((one) => {
      const from = one.request.offset + one.filled - at
      const part = piece.subarray(from, Math.min(piece.length, from + one.request.length - one.filled))
      one.bytes.set(part, one.filled)
      one.filled += part.length
      if (one.filled < one.request.length) return true
      took(one.request, one.bytes)
      return false
    })
    at = end
    if (at >= last) return
  }
}
