// How facts are read from events: once a shape, decide whether such events carry the fact and where; then a plain function an event.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import type { Fact } from './fact.ts'

/** Reads one event. `evidence` and `host` and `time` are set from the event by `factBase(event)` (field.ts). */
export type ReadFacts = (event: SourceEvent, emit: (fact: Fact) => void) => void

/** One kind of fact, or one kind of channel: which shapes carry it. Called once a shape, so it may be slow; what it returns may not. */
export interface FactExtractor {
  /** for the account and for `coverage`: what it reads */
  readonly name: string
  bind(shape: SourceShape): ReadFacts | undefined
}
