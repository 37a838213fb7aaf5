// The events of one file, one by one, on this thread: for looking at a few of them.
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { SourceEvent } from '../events/event.ts'
import { HEAD_BYTES, recognise } from '../sources/index.ts'
import { fileInput } from './file-input.ts'
import { type FilePath, shownName, systemPath } from './file-path.ts'

/** Stops reading. */
const STOP = Symbol('stop')

/**
 * Reads a file of telemetry; `onEvent` gives false when it has seen enough. Gives false when the file is of no known format.
 * Rejects when the file can't be read.
 */
export async function eachEvent(path: FilePath, onEvent: (event: SourceEvent) => boolean): Promise<boolean> {
  const { size } = statSync(systemPath(path))
  const name = shownName(path)
  const source = recognise(headOf(path), name)
  if (!source) return false
  let isEnough = false
  try {
    await source.read(
      fileInput(name, path, size),
      undefined,
      { zone: 0, carve: false },
      (event) => {
        if (isEnough) throw STOP
        isEnough = !onEvent(event)
        if (isEnough) throw STOP
      },
      () => {},
    )
  } catch (error) {
    if (error !== STOP) throw error
  }
  return true
}

function headOf(path: FilePath): Uint8Array {
  const descriptor = openSync(systemPath(path), 'r')
  try {
    const head = Buffer.alloc(HEAD_BYTES)
    return head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0))
  } finally {
    closeSync(descriptor)
  }
}
