// JSON that stands in a text: the records of every source whose records are told apart one by one.

import type { EventPointer, SourceEvent } from '../../events/event.ts'
import { dbusCapture } from '../dbus-capture/dbus-capture.ts'
import { findDefenderForm } from '../defender-xdr/defender-form.ts'
import { falco } from '../falco/falco.ts'
import { ipcdump } from '../ipcdump/ipcdump.ts'
import type { FormFinder } from '../json-lines/form.ts'
import { JsonEvent } from '../json-lines/json-event.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import type { Zone } from '../local-zone.ts'
import { suricata } from '../suricata/suricata.ts'
import { tetragon } from '../tetragon/tetragon.ts'
import { tracee } from '../tracee/tracee.ts'
import { unifiedLog } from '../unified-log/unified-log.ts'
import { findWindowsForm } from '../windows-json/windows-json.ts'
import { findZeekForm } from '../zeek/zeek-json.ts'

const FINDERS: readonly FormFinder[] = [
  findWindowsForm,
  findDefenderForm,
  findZeekForm,
  suricata.find,
  falco.find,
  tetragon.find,
  tracee.find,
  ipcdump.find,
  dbusCapture.find,
  unifiedLog.find,
]

const findAny: FormFinder = (layout) => {
  for (const find of FINDERS) {
    const form = find(layout)
    if (form) return form
  }
  return undefined
}

const shapes = new RecordShapes(findAny)

/** One a reading. */
export class EmbeddedJson {
  readonly #event = new JsonEvent()
  readonly #onEvent: (event: SourceEvent) => void

  constructor(file: string, zone: Zone, onEvent: (event: SourceEvent) => void) {
    this.#event.file = file
    this.#event.zone = zone
    this.#onEvent = onEvent
  }

  /** Hands on the record that is the whole of bytes[start, end); false: it is of no known form. `pointer` is the way back to what carries it. */
  take(bytes: Buffer, start: number, end: number, pointer: EventPointer): boolean {
    const next = shapes.scanner.scan(bytes, start, end)
    if (next < 0) return false
    const event = this.#event
    event.bytes = bytes
    event.recordStart = start
    event.recordEnd = next
    event.offset = pointer.offset
    event.length = pointer.length
    event.line = pointer.recordId
    if (shapes.place(event) !== undefined) return false
    this.#onEvent(event)
    return true
  }
}
