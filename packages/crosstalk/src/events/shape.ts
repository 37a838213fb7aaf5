// Makes the shapes of events. Sources intern them: the same form must be the same object, since plans are kept by identity.
import type { LogSource } from '@crosstalk/sigma'
import type { SourceShape } from './event.ts'

export interface ShapeParts {
  fields: readonly string[]
  aliases?: ReadonlyMap<string, number>
  logSources: readonly LogSource[]
  constants?: ReadonlyMap<string, string | number>
  channel: string
  eventId: number | string
  provider?: string
}

/** A shape from its parts. Field names are as the source spells them; the first of two equal names wins. */
export function makeShape(parts: ShapeParts): SourceShape {
  const { fields, logSources, channel, eventId, provider = '' } = parts
  const aliases = parts.aliases ?? new Map<string, number>()
  const constants = parts.constants ?? new Map<string, string | number>()
  const slots = new Map<string, number>(aliases)
  for (let slot = fields.length - 1; slot >= 0; slot--) slots.set(fields[slot], slot)
  return {
    fields,
    aliases,
    logSources,
    constants,
    channel,
    eventId,
    provider,
    slot: (name) => slots.get(name) ?? -1,
    constant(name) {
      const value = constants.get(name)
      return value === undefined ? undefined : String(value)
    },
    is: (wanted) =>
      logSources.some(
        (one) =>
          (wanted.product === undefined || wanted.product === one.product) &&
          (wanted.category === undefined || wanted.category === one.category) &&
          (wanted.service === undefined || wanted.service === one.service),
      ),
  }
}
