// What depends on the platform: event logs in files.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { OnDamage, OnRecord } from './chunk-reader.ts'
import { EvtxError } from './damage.ts'
import { type ByteSource, bufferSource, type ReadOptions, readSource, readStream } from './read.ts'

/** A path, an open file's descriptor, or the log's bytes. */
export type EvtxSource = string | number | Uint8Array | ByteSource

function notReadable(what: string, error: unknown): EvtxError {
  const reason = error instanceof Error ? error.message : String(error)
  return new EvtxError('not-readable', `${what} can't be read: ${reason}`, error)
}

/** An open file. */
export function fileSource(descriptor: number, name = `file ${descriptor}`): ByteSource {
  let size: number
  try {
    const stat = fstatSync(descriptor)
    if (stat.isDirectory()) throw new Error('it is a directory')
    size = stat.size
  } catch (error) {
    throw notReadable(name, error)
  }
  return {
    size,
    read(into, at, length, position) {
      let count = 0
      try {
        while (count < length) {
          const more = readSync(descriptor, into, at + count, length - count, position + count)
          if (more === 0) break
          count += more
        }
      } catch (error) {
        throw notReadable(name, error)
      }
      return count
    },
  }
}

/**
 * Reads a log, or the part of it that begins in a byte range. See `readSource`: bad bytes go to `onDamage`, and only a source that
 * can't be read at all throws (EvtxError `not-readable`).
 */
export function readEvtxSync(source: EvtxSource, options: ReadOptions, onRecord: OnRecord, onDamage: OnDamage): void {
  if (typeof source === 'number') readSource(fileSource(source), options, onRecord, onDamage)
  else if (source instanceof Uint8Array) readSource(bufferSource(source), options, onRecord, onDamage)
  else if (typeof source === 'string') readPath(source, options, onRecord, onDamage)
  else readSource(source, options, onRecord, onDamage)
}

function readPath(path: string, options: ReadOptions, onRecord: OnRecord, onDamage: OnDamage): void {
  let descriptor: number
  try {
    descriptor = openSync(path, 'r')
  } catch (error) {
    throw notReadable(path, error)
  }
  try {
    readSource(fileSource(descriptor, path), options, onRecord, onDamage)
  } finally {
    closeSync(descriptor)
  }
}

/** As `readEvtxSync`, and also from a stream of pieces. Callbacks run in order; the promise ends when everything was read. */
export async function readEvtx(
  source: EvtxSource | AsyncIterable<Uint8Array>,
  options: ReadOptions,
  onRecord: OnRecord,
  onDamage: OnDamage,
): Promise<void> {
  if (typeof source === 'object' && Symbol.asyncIterator in source)
    await readStream(source, options, onRecord, onDamage)
  else readEvtxSync(source, options, onRecord, onDamage)
}
