// Several extractors ask the same thing of one event (its command line, the registry value that it names): it is read once. Whoever runs many
// extractors over an event brackets them with `beginEvent` and `endEvent`; outside of that nothing is remembered.
import type { SourceEvent, SourceShape } from '../events/event.ts'

let turns = 0
/** number of the event under way; 0 when none is */
let turn = 0

export function beginEvent(): void {
  turn = ++turns
}

export function endEvent(): void {
  turn = 0
}

/** The same function, asked once an event. */
export function oncePerEvent<T>(read: (event: SourceEvent) => T): (event: SourceEvent) => T {
  let readIn = -1
  let value: T
  return (event) => {
    if (turn === 0) return read(event)
    if (readIn !== turn) {
      value = read(event)
      readIn = turn
    }
    return value
  }
}

/** The same binding for all that ask for a shape's, so that what is read once an event is shared. */
export function oncePerShape<T>(bind: (shape: SourceShape) => T): (shape: SourceShape) => T {
  const bound = new WeakMap<SourceShape, { value: T }>()
  return (shape) => {
    let known = bound.get(shape)
    if (!known) bound.set(shape, (known = { value: bind(shape) }))
    return known.value
  }
}
