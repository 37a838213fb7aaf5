// tshark needs a file. What lies inside an archive goes to a temporary one, in a folder of its own that is removed whatever happens.
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { InputError } from '../input-error.ts'
import type { Input } from '../source.ts'

export interface OnDisk {
  path: string
  size: number
  /** its bytes */
  open(): AsyncIterable<Uint8Array>
}

/** Calls `use` with an empty folder, and removes that with all that is in it afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'crosstalk-pcap-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** The input's bytes as a file: its own, or a copy in the folder. Rejects with an InputError when there is no room for that. */
export async function onDisk(input: Input, folder: string): Promise<OnDisk> {
  if (input.path !== undefined && input.size !== undefined)
    return { path: resolve(input.path), size: input.size, open: () => input.open() }
  const path = join(folder, 'capture')
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
