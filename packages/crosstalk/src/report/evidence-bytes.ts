// The original bytes of evidence, read again from where the case says they lie: in a file, or in an entry of an archive.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { CaseEvidence } from '../cases/case.ts'
import { openEntry } from '../sources/containers/expand.ts'
import { readBytes } from '../sources/containers/read-bytes.ts'
import { InputError } from '../sources/input-error.ts'
import type { Input } from '../sources/source.ts'
import { ReportError } from './report.ts'

/**
 * A reader of evidence. `root`: the folder from which the hunt was run, or below which the logs lie now; default the current one.
 * What it returns throws ReportError when the bytes can't be read.
 */
export function evidenceReader(root = '.'): (evidence: CaseEvidence) => Promise<Uint8Array> {
  return async (evidence) => {
    const input = await openInput(evidence.file, root)
    try {
      const bytes = await readBytes(input, evidence.offset, evidence.offset + evidence.length)
      if (bytes.length === evidence.length) return bytes
      throw new ReportError(`${evidence.file} ends before byte ${evidence.offset + evidence.length}`)
    } catch (error) {
      throw readable(error, evidence.file)
    }
  }
}

async function openInput(name: string, root: string): Promise<Input> {
  // A `!` may also be part of a file's own name: the longest name that is a file is the file.
  const marks = [...name.matchAll(/!/g)].map((mark) => mark.index).reverse()
  for (const end of [name.length, ...marks]) {
    const input = await fileInput(name.slice(0, end), root)
    if (!input) continue
    if (end === name.length) return input
    const entry = await openEntry(input, name, { onProblem: () => {} })
    if (entry) return entry
    throw new ReportError(`${name} is not in the archive any more`)
  }
  throw new ReportError(`${name} is not there; say with --root where the logs lie now`)
}

async function fileInput(name: string, root: string): Promise<Input | undefined> {
  const path = isAbsolute(name) ? name : join(root, name)
  try {
    const about = await stat(path)
    if (!about.isFile()) return undefined
    return {
      name,
      path,
      size: about.size,
      open: (start = 0, end = about.size) =>
        start < end ? createReadStream(path, { start, end: end - 1 }) : nothing(),
    }
  } catch {
    return undefined
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function readable(error: unknown, name: string): ReportError {
  if (error instanceof ReportError) return error
  if (error instanceof InputError) return new ReportError(error.message)
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  return new ReportError(`${name} cannot be read (${code})`)
}
