// What correlations look at in a rule's events goes with each match: they run on another thread, where the event is gone.
import type { EventShape } from '@crosstalk/sigma'
import type { SourceEvent } from '../events/event.ts'

/** Values of the fields that correlations ask of a rule's events; reads constants of the shape too. */
export function askedValues(event: SourceEvent, asks: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {}
  const { shape } = event
  for (const field of asks) {
    const slot = slotOf(shape, field)
    const value = slot === undefined ? shape.constants.get(field) : event.text(slot)
    if (value !== undefined) values[field] = String(value)
  }
  return values
}

function slotOf({ fields, aliases }: EventShape, field: string): number | undefined {
  const at = fields.indexOf(field)
  return at >= 0 ? at : aliases.get(field)
}
