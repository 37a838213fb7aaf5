// tshark needs a file. What lies inside an archive goes to a temporary one, in a folder of its own that is removed when it has been
// read, at the latest by the next run.
import { createReadStream, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { InputError } from '../input-error.ts'
import type { Input } from '../source.ts'

export interface OnDisk {
  path: string
  size: number
  /** its bytes */
  open(): AsyncIterable<Uint8Array>
}

/** Folders bear the machine's name and the process's id: what a process that was killed left behind can be told from what is in use. */
const MACHINE = `crosstalk-pcap-${hostname().replaceAll(/[^\w]/g, '')}-`
const OWN = `${MACHINE}${process.pid}-`

/** Calls `use` with an empty folder, and removes that with all that is in it afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  removeFolders((name) => name.startsWith(MACHINE) && !isRunning(Number(/^\d+/.exec(name.slice(MACHINE.length))?.[0])))
  const folder = mkdtempSync(join(tmpdir(), OWN))
  try {
    return await use(folder)
  } finally {
    remove(folder)
  }
}

// Where output ends early the process does, too, and other threads are stopped where they stand.
if (isMainThread) process.on('exit', () => removeFolders((name) => name.startsWith(OWN)))

function removeFolders(isLeft: (name: string) => boolean): void {
  try {
    for (const name of readdirSync(tmpdir())) if (isLeft(name)) remove(join(tmpdir(), name))
  } catch {
    // A temporary folder that can't be listed will not be written to either, and that is told then.
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}

function isRunning(pid: number): boolean {
  if (!(pid > 0)) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** The input's bytes as a file: its own, or a copy in the folder. Rejects with an InputError when there is no room for that. */
export async function onDisk(input: Input, folder: string): Promise<OnDisk> {
  const path = join(folder, 'capture')
  if (input.path !== undefined && input.size !== undefined) {
    // A name that is no UTF-8 can't be told to another program, a link to it can.
    if (typeof input.path !== 'string') symlinkSync(Buffer.from(input.path), path)
    const told = typeof input.path === 'string' ? resolve(input.path) : path
    return { path: told, size: input.size, open: () => input.open() }
  }
  let size = 0
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const piece of input.open()) {
      await write(piece)
      size += piece.length
    }
  } finally {
    await file.close()
  }
  return { path, size, open: () => createReadStream(path, { highWaterMark: 1 << 18 }) }

  async function write(piece: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten
    } catch (error) {
      throw new InputError(
        input.name,
        `no room in ${tmpdir()} for the capture to be unpacked to: free some, or set TMPDIR`,
        error,
      )
    }
  }
}
