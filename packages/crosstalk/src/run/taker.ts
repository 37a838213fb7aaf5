// What takes the events of one input and hands on what it makes of them.
import type { SourceEvent } from '../events/event.ts'
import type { Batch, InputName } from './stage.ts'

export interface EventTaker {
  take(event: SourceEvent): void
  /** that much is gathered that it should be handed on */
  isFull(): boolean
  /** hands on what is gathered */
  flush(): void
}

export type MakeTaker = (input: InputName, emit: (batch: Batch) => void) => EventTaker

/** Items of a batch; it is handed on when it holds so many. */
export const BATCH_ITEMS = 2000
