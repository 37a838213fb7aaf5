// Whether a bag is whole: every file that its manifests name is there with the same bytes, and nothing else lies among them.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { ReportError } from '../report.ts'
import type { BaggedEvidence } from './bag.ts'

export interface BagVerdict {
  /** nothing was altered, lost or added */
  whole: boolean
  files: number
  bytes: number
  /** `file: what is wrong`, in the order of the manifest, then what is too much */
  problems: string[]
  /** records of the case whose bytes were not put into the bag when it was made */
  absent: string[]
}

/** A manifest is read whole; larger ones are not ours. */
const MOST_MANIFEST = 64 << 20

/** Reads the whole bag. Throws ReportError when the folder is no bag at all. */
export async function verifyBag(folder: string): Promise<BagVerdict> {
  const declaration = await tagFile(folder, 'bagit.txt')
  if (declaration === undefined) throw new ReportError(`${folder} is no bag: it has no bagit.txt`)
  const problems: string[] = []
  if (!/^BagIt-Version: (0\.97|1\.0)\r?\nTag-File-Character-Encoding: UTF-8\r?\n?$/.test(declaration))
    problems.push('bagit.txt: not the declaration of a BagIt 1.0 bag in UTF-8')
  const payload = await checkManifest(folder, 'manifest-sha256.txt', problems)
  const tags = await checkManifest(folder, 'tagmanifest-sha256.txt', problems)
  await findUnlisted(folder, payload, tags, problems)
  checkOxum(await tagFile(folder, 'bag-info.txt'), payload, problems)
  const absent = await checkEvidence(folder, payload, problems)
  const files = payload.size + tags.size
  const bytes = [...payload.values(), ...tags.values()].reduce((sum, file) => sum + file.bytes, 0)
  return { whole: problems.length === 0, files, bytes, problems, absent }
}

type Listed = Map<string, { bytes: number; sha256: string }>

async function checkManifest(folder: string, name: string, problems: string[]): Promise<Listed> {
  const listed: Listed = new Map()
  const manifest = await tagFile(folder, name)
  if (manifest === undefined) {
    problems.push(`${name}: missing`)
    return listed
  }
  for (const [at, line] of manifest.split(/\r?\n/).entries()) {
    if (!line) continue
    const entry = /^([0-9a-f]{64})[ \t]+\*?(.+)$/i.exec(line)
    if (!entry) {
      problems.push(`${name}: line ${at + 1} is no checksum and path`)
      continue
    }
    const path = decoded(entry[2])
    if (!isInside(path)) problems.push(`${name}: line ${at + 1} names a path outside the bag`)
    else if (listed.has(path)) problems.push(`${path}: listed twice in ${name}`)
    else listed.set(path, await checkFile(folder, path, entry[1].toLowerCase(), problems))
  }
  return listed
}

async function checkFile(folder: string, path: string, expected: string, problems: string[]) {
  const missing = { bytes: 0, sha256: '' }
  try {
    const about = await lstat(join(folder, path))
    if (!about.isFile()) {
      problems.push(`${path}: not a regular file`)
      return missing
    }
    const hash = createHash('sha256')
    for await (const piece of createReadStream(join(folder, path))) hash.update(piece)
    const sha256 = hash.digest('hex')
    if (sha256 !== expected) problems.push(`${path}: altered (sha256 is ${sha256}, was ${expected})`)
    return { bytes: about.size, sha256 }
  } catch (error) {
    problems.push(`${path}: ${isMissing(error) ? 'missing' : `cannot be read (${codeOf(error)})`}`)
    return missing
  }
}

async function findUnlisted(folder: string, payload: Listed, tags: Listed, problems: string[]): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, sep).length).split(sep).join('/'))
  for (const path of paths.sort())
    if (!payload.has(path) && !tags.has(path) && path !== 'tagmanifest-sha256.txt')
      problems.push(`${path}: in no manifest`)
}

/** RFC 8493, 2.2.2: octets and files of the payload, a quick check that both agree. */
function checkOxum(info: string | undefined, payload: Listed, problems: string[]): void {
  const oxum = /^Payload-Oxum: *(\d+)\.(\d+) *$/m.exec(info ?? '')
  if (!oxum) return
  const bytes = [...payload.values()].reduce((sum, file) => sum + file.bytes, 0)
  if (Number(oxum[1]) !== bytes || Number(oxum[2]) !== payload.size)
    problems.push(
      `bag-info.txt: Payload-Oxum says ${oxum[1]} bytes in ${oxum[2]} files, there are ${bytes} in ${payload.size}`,
    )
}

/** That the bytes of each record are those that the case recorded; returns the records that the bag never held. */
async function checkEvidence(folder: string, payload: Listed, problems: string[]): Promise<string[]> {
  if (!payload.has('data/evidence.json')) return []
  const text = await tagFile(folder, 'data/evidence.json')
  const pieces = parsedEvidence(text)
  if (!pieces) {
    problems.push('data/evidence.json: not the list of evidence that crosstalk writes')
    return []
  }
  const absent: string[] = []
  for (const { id, path, sha256, problem } of pieces) {
    const held = path === undefined ? undefined : payload.get(`data/${path}`)
    if (path === undefined) absent.push(`${id}: ${problem ?? 'not in the bag'}`)
    else if (held?.sha256 !== sha256) problems.push(`data/${path}: not the bytes of ${id} that the case recorded`)
  }
  return absent
}

function parsedEvidence(text: string | undefined): Partial<BaggedEvidence>[] | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return Array.isArray(value) && value.every((piece) => typeof piece === 'object' && piece !== null)
      ? value
      : undefined
  } catch {
    return undefined
  }
}

async function tagFile(folder: string, name: string): Promise<string | undefined> {
  try {
    const about = await lstat(join(folder, name))
    if (!about.isFile() || about.size > MOST_MANIFEST) return undefined
    return await readFile(join(folder, name), 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw new ReportError(`${join(folder, name)} cannot be read (${codeOf(error)})`)
  }
}

/** RFC 8493, 2.1.3: CR, LF and % are percent-encoded in manifests. */
function decoded(path: string): string {
  return path.replace(/%(0[aAdD]|25)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

function isInside(path: string): boolean {
  return !/^([/\\~]|[a-z]:)/i.test(path) && !path.split(/[/\\]/).includes('..') && !path.includes('\0')
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR'
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
