// A file on disk as an input.
import { closeSync, openSync, readSync } from 'node:fs'
import { InputError } from '../sources/input-error.ts'
import type { DirectReader, Input } from '../sources/source.ts'
import { type FilePath, systemPath } from './file-path.ts'
import { readProblem } from './system-problem.ts'

const PIECE_BYTES = 1 << 18

/** The first `size` bytes of a file: what is appended later is not read, else a log that grows might never end. Each `open` reads anew. Throws InputError when it can't be read. */
export function fileInput(name: string, path: FilePath, size: number): Input {
  return {
    name,
    path,
    size,
    open: (start = 0, end = size) => pieces(name, path, start, Math.min(end, size)),
    direct() {
      const file = openFile(name, path)
      const left = (at: number) => Math.max(0, size - at)
      return { read: (into, at) => (left(at) ? file.read(into.subarray(0, left(at)), at) : 0), close: file.close }
    },
  }
}

/** Reads synchronously: who reads a file has nothing else to do meanwhile, and a detour through the thread pool costs more than it gives. */
function openFile(name: string, path: FilePath): DirectReader {
  const attempt = <T>(act: () => T): T => {
    try {
      return act()
    } catch (error) {
      throw new InputError(name, readProblem(error), error)
    }
  }
  const descriptor = attempt(() => openSync(systemPath(path), 'r'))
  return {
    read: (into, at) => attempt(() => readSync(descriptor, into, 0, into.length, at)),
    close: () => closeSync(descriptor),
  }
}

async function* pieces(name: string, path: FilePath, start: number, end: number): AsyncGenerator<Uint8Array> {
  const file = openFile(name, path)
  try {
    for (let at = start; at < end; ) {
      // Each piece is memory of its own: decompressors keep what they were given for a while.
      const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, Math.max(1, end - at)))
      const count = file.read(buffer, at)
      if (count === 0) return
      at += count
      yield buffer.subarray(0, count)
    }
  } finally {
    file.close()
  }
}
