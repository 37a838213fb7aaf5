// Windows event logs.
import { closeSync, openSync } from 'node:fs'
import { fileRanges, isEvtx, readEvtx, readEvtxSync } from '@crosstalk/evtx'
import { InputError } from '../input-error.ts'
import type { Source } from '../source.ts'
import { EvtxEvent } from './evtx-event.ts'
import { ShapeCache } from './layout-shapes.ts'

/** where the first chunk lies */
const FILE_HEADER_BYTES = 4096

/** Layouts are interned for the life of the process, and so are the shapes made of them. */
const shapes = new ShapeCache()

export const evtx: Source = {
  format: 'evtx',
  title: 'Windows event log (.evtx)',
  // A file whose header was wiped still holds chunks.
  detect: (head) => (isEvtx(head) ? 1 : isEvtx(head.subarray(FILE_HEADER_BYTES)) ? 0.9 : 0),
  ranges: (size, wanted) => fileRanges(size, wanted),
  async read(input, range, options, onEvent, onSkip) {
    let event: EvtxEvent | undefined
    const settings = { ...range, carve: options.carve, checksums: true }
    const onRecord: Parameters<typeof readEvtxSync>[2] = (record) => {
      event ??= new EvtxEvent(input.name, record, shapes)
      event.move()
      onEvent(event)
    }
    try {
      if (input.path === undefined) await readEvtx(input.open(), settings, onRecord, onSkip)
      else readFile(input.path, (source) => readEvtxSync(source, settings, onRecord, onSkip))
    } catch (error) {
      throw (error as Error).name === 'EvtxError' ? new InputError(input.name, (error as Error).message, error) : error
    }
  },
}

/** By its path; by a descriptor where that is no string. */
function readFile(path: string | Uint8Array, read: (source: string | number) => void): void {
  if (typeof path === 'string') {
    read(path)
    return
  }
  const descriptor = openSync(Buffer.from(path), 'r')
  try {
    read(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
