// A case with the original bytes of its evidence, as a BagIt 1.0 bag (RFC 8493): what is handed over, and proof that it is whole.
import { createHash } from 'node:crypto'
import type { CaseEvidence } from '../../cases/case.ts'
import { htmlExport } from '../html/export.ts'
import { type Export, type ExportFile, type ExportSource, ReportError } from '../report.ts'
import { caseJson, findingsJsonl } from '../results-json.ts'
import { chunkLogName, chunkLogs } from './evtx-chunks.ts'

export const bag: Export = {
  format: 'bag',
  title: 'BagIt bag with the original bytes of the evidence',
  shape: 'folder',
  extension: '',
  files: bagFiles,
}

/** What the bag says of a piece of evidence (data/evidence.json). */
export interface BaggedEvidence extends CaseEvidence {
  /** the file with its bytes, below `data/`; absent when they could not be put in */
  path?: string
  problem?: string
}

/** Evidence is read into memory piece by piece; a record beyond this is no record. */
const MOST_BYTES = 64 << 20

async function* bagFiles(source: ExportSource): AsyncGenerator<ExportFile> {
  const manifest: string[] = []
  const tags: string[] = []
  const oxum = { bytes: 0, files: 0 }
  const evidence: BaggedEvidence[] = []
  for await (const file of payload(source, evidence)) {
    oxum.files++
    yield hashed(file, manifest, (bytes) => {
      oxum.bytes += bytes
    })
  }
  const tagFiles = [
    { path: 'bagit.txt', content: ['BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'] },
    { path: 'bag-info.txt', content: [bagInfo(source, oxum, evidence)] },
    { path: 'manifest-sha256.txt', content: [manifest.join('')] },
  ]
  for (const file of tagFiles) yield hashed(file, tags)
  yield { path: 'tagmanifest-sha256.txt', content: [tags.join('')] }
}

async function* payload(source: ExportSource, evidence: BaggedEvidence[]): AsyncGenerator<ExportFile> {
  yield { path: 'data/case.json', content: [caseJson(source.case)] }
  yield { path: 'data/findings.jsonl', content: findingsJsonl(source.findings) }
  for (const file of htmlExport.files(source) as Iterable<ExportFile>) yield { ...file, path: `data/${file.path}` }
  for (const [at, piece] of source.case.evidence.entries()) {
    const read = await originalBytes(source, piece)
    if ('problem' in read) {
      evidence.push({ ...piece, problem: read.problem })
      source.onMissing?.(`${piece.file} record ${piece.recordId}: ${read.problem}`)
      continue
    }
    const path = `evidence/${String(at + 1).padStart(5, '0')}-${read.sha256.slice(0, 16)}.bin`
    evidence.push({ ...piece, path })
    yield { path: `data/${path}`, content: [read.bytes] }
  }
  yield { path: 'data/evidence.json', content: [`${JSON.stringify(evidence, null, 2)}\n`] }
  const logs = (await chunkLogs(source)).map((log, at) => ({ ...log, path: `logs/${chunkLogName(log, at)}` }))
  for (const { path, content } of logs) yield { path: `data/${path}`, content: [content] }
  if (!logs.length) return
  const origins = logs.map(({ path, file, offsets }) => ({ path, file, chunkOffsets: offsets }))
  yield { path: 'data/logs.json', content: [`${JSON.stringify(origins, null, 2)}\n`] }
}

/** The bytes, when they are still what the case recorded. */
async function originalBytes(
  { evidenceBytes }: ExportSource,
  piece: CaseEvidence,
): Promise<{ bytes: Uint8Array; sha256: string } | { problem: string }> {
  if (!evidenceBytes) return { problem: 'the original file is not at hand' }
  if (!piece.sha256) return { problem: 'the record could not be read when the case was made: it has no hash' }
  if (piece.length > MOST_BYTES) return { problem: `${piece.length} bytes are more than a record has` }
  try {
    const bytes = await evidenceBytes(piece)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    if (sha256 !== piece.sha256)
      return { problem: `the bytes there now have sha256 ${sha256}, not what the case recorded` }
    return { bytes, sha256 }
  } catch (error) {
    if (error instanceof ReportError) return { problem: error.message }
    throw error
  }
}

/** The same file, whose bytes go into the manifest as they pass. */
function hashed(file: ExportFile, manifest: string[], onBytes: (bytes: number) => void = () => {}): ExportFile {
  return { path: file.path, content: passing(file, manifest, onBytes) }
}

async function* passing(
  file: ExportFile,
  manifest: string[],
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const piece of file.content) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    hash.update(bytes)
    onBytes(bytes.length)
    yield bytes
  }
  manifest.push(`${hash.digest('hex')}  ${file.path}\n`)
}

/** RFC 8493, 2.2.2. Without Bagging-Date: the same case gives the same bag. */
function bagInfo(
  { case: story, summary }: ExportSource,
  oxum: { bytes: number; files: number },
  evidence: readonly BaggedEvidence[],
): string {
  const held = evidence.filter((piece) => piece.path !== undefined).length
  const lines = [
    `Bag-Software-Agent: crosstalk ${summary?.tool.version ?? ''}`.trimEnd(),
    `Payload-Oxum: ${oxum.bytes}.${oxum.files}`,
    `External-Identifier: ${line(story.id)}`,
    `External-Description: ${line(story.title)}`,
    `Internal-Sender-Description: evidence of ${held} of ${evidence.length} records; data/evidence.json says where each came from`,
  ]
  return `${lines.join('\n')}\n`
}

function line(text: string): string {
  return text.replaceAll(/[\x00-\x1f\x7f]+/g, ' ')
}
