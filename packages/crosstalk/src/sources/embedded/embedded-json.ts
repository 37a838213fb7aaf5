// JSON that stands in a text: the records of every source whose records are told apart one by one.

import type { EventPointer, SourceEvent } from '../../events/event.ts'
import { RecordEvent } from '../../events/record-event.ts'
import { dbusCapture } from '../dbus-capture/dbus-capture.ts'
import { findDefenderForm } from '../defender-xdr/defender-form.ts'
import { falco } from '../falco/falco.ts'
import { ipcdump } from '../ipcdump/ipcdump.ts'
import type { FormFinder } from '../json-lines/form.ts'
import { JsonEvent } from '../json-lines/json-event.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import { type AuditTaker, findLaurel, LAUREL, takeLaurel } from '../laurel/take-event.ts'
import type { Zone } from '../local-zone.ts'
import { findOsquery, OSQUERY, takeOsquery } from '../osquery/osquery.ts'
import type { Skip } from '../source.ts'
import { suricata } from '../suricata/suricata.ts'
import { tetragon } from '../tetragon/tetragon.ts'
import { tracee } from '../tracee/tracee.ts'
import { unifiedLog } from '../unified-log/unified-log.ts'
import { findWindowsForm } from '../windows-json/windows-json.ts'
import { findZeekForm } from '../zeek/zeek-json.ts'

const FINDERS: readonly FormFinder[] = [
  findWindowsForm,
  findDefenderForm,
  findLaurel,
  findOsquery,
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
  readonly #row = new RecordEvent()
  readonly #audit: AuditTaker
  readonly #onEvent: (event: SourceEvent) => void
  readonly #onSkip: (skip: Skip) => void

  /** `audit`: where audit records that stand in JSON go. */
  constructor(
    file: string,
    zone: Zone,
    audit: AuditTaker,
    onEvent: (event: SourceEvent) => void,
    onSkip: (skip: Skip) => void,
  ) {
    this.#event.file = file
    this.#event.zone = zone
    this.#audit = audit
    this.#onEvent = onEvent
    this.#onSkip = onSkip
  }

  /**
   * Hands on the record that is the whole of bytes[start, end); false: it is of no known form. `pointer` is the way back to what carries it, `host` whose the
   * carrier says it is.
   */
  take(bytes: Buffer, start: number, end: number, pointer: EventPointer, host: string): boolean {
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
    if (event.shape.channel === LAUREL) return takeLaurel(event, this.#audit, host)
    if (event.shape.channel === OSQUERY) takeOsquery(event, this.#row, this.#onEvent, this.#onSkip)
    else this.#onEvent(event)
    return true
  }
}
