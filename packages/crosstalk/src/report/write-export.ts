// Writes an export to disk. Never overwrites, never writes outside the place that it was given.
import { type FileHandle, lstat, open, readdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder } from '../run/make-folder.ts'
import { systemProblem } from '../run/system-problem.ts'
import { type Export, type ExportFile, type ExportSource, ReportError } from './report.ts'

export interface WrittenExport {
  /** as they were made */
  paths: string[]
  bytes: number
}

/**
 * Writes to `out`: the file of that name, or the folder of that name, which must be absent or empty. Throws ReportError when something is
 * in the way or cannot be written.
 */
export async function writeExport(form: Export, source: ExportSource, out: string): Promise<WrittenExport> {
  const written: WrittenExport = { paths: [], bytes: 0 }
  if (form.shape === 'folder') await newFolder(out)
  for await (const file of form.files(source)) {
    const path = form.shape === 'file' ? out : join(out, ...safeParts(file.path))
    if (form.shape === 'file' && written.paths.length)
      throw new ReportError(`the export ${form.format} gave more than its one file`)
    written.bytes += await guarded(path, () => writeFile(file, path))
    written.paths.push(path)
  }
  return written
}

async function writeFile(file: ExportFile, path: string): Promise<number> {
  makeFolder(dirname(path))
  let bytes = 0
  // 'wx': fails when something is there, a link that leads elsewhere included.
  const handle: FileHandle = await open(path, 'wx')
  try {
    for await (const piece of file.content) {
      const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece
      await handle.writeFile(chunk)
      bytes += chunk.length
    }
  } catch (error) {
    // Half a file is worse than none.
    await unlink(path).catch(() => undefined)
    throw error
  } finally {
    await handle.close()
  }
  return bytes
}

async function newFolder(path: string): Promise<void> {
  await guarded(path, async () => {
    const about = await lstat(path).catch(() => undefined)
    if (about && !about.isDirectory())
      throw new ReportError(`${path} is there and is no folder; choose another place with --out`)
    if (about && (await readdir(path)).length)
      throw new ReportError(`${path} is not empty; choose another place with --out`)
    makeFolder(path)
  })
}

function safeParts(path: string): string[] {
  const parts = path.split('/')
  if (parts.some((part) => part === '' || part === '.' || part === '..' || /[\\:\0]/.test(part)))
    throw new ReportError(`an export wanted to write to ${JSON.stringify(path)}`)
  return parts
}

async function guarded<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof ReportError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    if (code === 'EEXIST')
      throw new ReportError(`${path} is there already; nothing was overwritten, choose another place with --out`)
    throw new ReportError(`${path} can't be written: ${systemProblem(error)}`)
  }
}
