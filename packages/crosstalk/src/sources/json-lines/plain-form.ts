// Records that a source takes apart itself: the form says only that they are its own, and which object they are wrapped in.
import type { FieldValue } from '@crosstalk/sigma'
import type { SourceEvent } from '../../events/event.ts'
import type { FormFinder, RecordForm } from './form.ts'
import { parseForgiving } from './value.ts'

/** Exports wrap a record in one object more: Elasticsearch's documents, Splunk's search results, Graylog's messages. */
const WRAPPERS = ['', '_source.', 'result.', 'message.']

/** `kind` tells apart what one source takes; it is the shape's channel, the wrapper its event id. */
const plainForm = (kind: string, wrapper: string): RecordForm => ({
  name: `${kind} ${wrapper}`,
  decisive: [],
  classify: () => ({
    channel: kind,
    eventId: wrapper,
    provider: '',
    logSources: [],
    constants: new Map(),
    aliases: () => [],
    bind: () => ({ time: () => Number.NaN, host: [], recordId: [] }),
  }),
})

/** Finds the records of which `kindOf` gives a kind; `has` looks below whatever wraps the record. */
export const plainForms =
  (kindOf: (has: (name: string) => boolean) => string | undefined): FormFinder =>
  (layout) => {
    for (const wrapper of WRAPPERS) {
      if (wrapper !== '' && !layout.has(wrapper)) continue
      const kind = kindOf((name) => layout.has(wrapper + name))
      if (kind !== undefined) return plainForm(kind, wrapper)
    }
    return undefined
  }

/** A record of such a form, by the names below its wrapper. */
export class PlainRecord {
  readonly record: SourceEvent
  readonly kind: string
  readonly #wrapper: string

  constructor(record: SourceEvent) {
    this.record = record
    this.kind = record.shape.channel
    this.#wrapper = String(record.shape.eventId)
  }

  /** The record without its wrapper, decoded whole; {} when the wrapper holds no object. */
  object(): { readonly [name: string]: FieldValue } {
    const whole = parseForgiving(this.record.toJson()) as { readonly [name: string]: FieldValue }
    const own = this.#wrapper === '' ? whole : whole[this.#wrapper.slice(0, -1)]
    return typeof own === 'object' && own !== null && !Array.isArray(own)
      ? (own as { readonly [name: string]: FieldValue })
      : {}
  }

  value(name: string): FieldValue | undefined {
    return this.record.value(this.record.shape.slot(this.#wrapper + name))
  }

  /** The first of these that has a text or a number; '' when none has. */
  text(...names: string[]): string {
    for (const name of names) {
      const value = this.value(name)
      if (typeof value === 'string' && value !== '') return value
      if (typeof value === 'number') return String(value)
    }
    return ''
  }

  /** Fields below a name, by the rest of their names; absent and null ones left out. */
  below(prefix: string): [name: string, value: FieldValue][] {
    const whole = this.#wrapper + prefix
    const fields: [string, FieldValue][] = []
    this.record.shape.fields.forEach((name, slot) => {
      if (!name.startsWith(whole)) return
      const value = this.record.value(slot)
      if (value !== undefined && value !== null) fields.push([name.slice(whole.length), value])
    })
    return fields
  }
}
