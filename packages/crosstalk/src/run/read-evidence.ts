// Reads records again, for their hashes: grouped by input, in the order in which they lie, so that each file is opened once.
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import type { EvidenceRequest, ReadEvidence } from '../cases/evidence.ts'
import { openEntry } from '../sources/containers/expand.ts'
import type { Input } from '../sources/source.ts'
import { fileInput } from './file-input.ts'

/** Longer than any record; a request for more is a mistake, and memory is not risked for it. */
const MAX_RECORD_BYTES = 64 << 20

/** Where an input lies: itself on disk, or as an entry of the archive on disk. */
export interface InputPlace {
  name: string
  path: string
  size: number
  /** name of the file on disk: the same as `name` for plain files */
  file: string
}

/** `inputs` by the index that evidence carries. What can't be read any more is left out. */
export function evidenceReader(inputs: readonly InputPlace[]): ReadEvidence {
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
    for (const [index, list] of byInput) {
      const place = inputs[index]
      if (!place) continue
      list.sort((a, b) => a.offset - b.offset || a.length - b.length)
      try {
        if (place.name === place.file) readFromFile(place.path, list, took)
        else await readFromEntry(place, list, took)
      } catch {
        // Gone or changed since it was read: the case says which records could not be read a second time.
      }
    }
  }
}

type Took = (request: EvidenceRequest, bytes: Uint8Array) => void

function readFromFile(path: string, requests: readonly EvidenceRequest[], took: Took): void {
  const descriptor = openSync(path, 'r')
  try {
    for (const request of requests) {
      const bytes = Buffer.alloc(request.length)
      if (readSync(descriptor, bytes, 0, request.length, request.offset) === request.length) took(request, bytes)
    }
  } finally {
    closeSync(descriptor)
  }
}

async function readFromEntry({ name, file, path, size }: InputPlace, requests: readonly EvidenceRequest[], took: Took) {
  const entry = await openEntry(fileInput(file, path, size), name, { onProblem: () => {} })
  if (entry) await readFromStream(entry, requests, took)
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
