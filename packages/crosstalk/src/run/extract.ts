// The first stage: a task's bytes → JSON lines, rule matches or facts. The same on the main thread and in a worker.
import { statSync } from 'node:fs'
import type { RuleSet } from '@crosstalk/sigma'
import type { SourceEvent } from '../events/event.ts'
import { InputError } from '../sources/input-error.ts'
import type { Input } from '../sources/source.ts'
import type { FileAccount } from './account.ts'
import { breathe } from './breathe.ts'
import { takersOf } from './event-taker.ts'
import { type FilePath, systemPath } from './file-path.ts'
import { type OpenedInput, openTask, withoutName } from './open-task.ts'
import { createSkipCounter, type SkipCounter } from './skips.ts'
import type { Batch, Stage, Task, TaskResult } from './stage.ts'
import { openRules } from './stored-rules.ts'
import type { EventTaker } from './taker.ts'

const TICK_EVENTS = 256

export interface Extractor {
  /** Reads a task. `emit` gets what came of it, in order. Rejects only with what `emit` throws. */
  run(task: Task, emit: (batch: Batch) => void): Promise<TaskResult>
}

/** `ruleSet`: what `stage.rules` holds, where it was parsed already. `now` is called every TICK_EVENTS events. */
export async function createExtractor(stage: Stage, ruleSet?: RuleSet, now?: () => void): Promise<Extractor> {
  const makeTaker = await takersOf(stage, ruleSet ?? (stage.rules && openRules(stage.rules).set))
  return {
    async run(task, emit) {
      const result: TaskResult = { files: [], outsideTime: 0 }
      const guarded = guard(emit)
      for await (const opened of openTask(task, stage.archiveLimits, (account) => result.files.push(account))) {
        const { name } = opened.input
        const format = opened.source.format
        const account: FileAccount = { file: name, format, bytes: 0, events: 0, skipped: [] }
        const counter = createSkipCounter(name)
        result.files.push(account)
        const taker = makeTaker({ name, format }, guarded.emit)
        const onEvent = eventHandler(stage, taker, account, result, counter, now)
        await readInput(opened, stage, onEvent, counter, account)
        guarded.rethrow()
        taker.flush()
        account.skipped = counter.counts()
      }
      return result
    },
  }
}

/** Tells what `emit` threw, which ends the run, from what reading threw, which ends an input. */
function guard(emit: (batch: Batch) => void) {
  let thrown: { error: unknown } | undefined
  return {
    emit(batch: Batch) {
      try {
        emit(batch)
      } catch (error) {
        thrown = { error }
        throw error
      }
    },
    rethrow() {
      if (thrown) throw thrown.error
    },
  }
}

function eventHandler(
  { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY }: Stage,
  taker: EventTaker,
  account: FileAccount,
  result: TaskResult,
  counter: SkipCounter,
  now?: () => void,
): (event: SourceEvent) => void {
  const isLimited = since !== Number.NEGATIVE_INFINITY || until !== Number.POSITIVE_INFINITY
  return (event) => {
    if (++account.events % TICK_EVENTS === 0) now?.()
    if (isLimited) {
      const { time } = event
      if (time < since || time > until) {
        result.outsideTime++
        return
      }
    }
    try {
      taker.take(event)
    } catch (error) {
      // One event that nobody thought of must not cost the others.
      const { offset, length } = event
      counter.add({ reason: `read, but not understood: ${(error as Error).message}`, offset, bytes: length })
    }
    if (taker.isFull()) taker.flush()
  }
}

/** Fills in the account: how many bytes there were, also where reading ended before them, and then why. */
async function readInput(
  { input, source, range }: OpenedInput,
  stage: Stage,
  onEvent: (event: SourceEvent) => void,
  counter: SkipCounter,
  account: FileAccount,
): Promise<void> {
  const counted = endAtDamage(input)
  // What an archive says of an entry's size is believed only of what came.
  const size = range ? range.end - range.start : input.path === undefined ? undefined : input.size
  try {
    await source.read(counted.input, range, stage, onEvent, counter.add)
    if (counted.failure()) throw counted.failure()
    if (input.path !== undefined) refuseShorter(input.name, input.path, input.size ?? 0)
    account.bytes = size ?? counted.furthest()
  } catch (error) {
    account.problem = withoutName((error as Error).message, input.name)
    const start = range?.start ?? 0
    const seen = Math.max(0, counted.furthest() - start)
    account.bytes = size ?? seen
    if (account.bytes > seen)
      counter.add({ reason: 'not read: the input ended before', offset: start + seen, bytes: account.bytes - seen })
  }
}

/** What a file lost while it was read may have been lost to us. */
function refuseShorter(name: string, path: FilePath, size: number): void {
  const now = statSync(systemPath(path), { throwIfNoEntry: false })?.size
  if (now !== undefined && now < size)
    throw new InputError(name, `it became shorter while it was read: ${now} of ${size} bytes are left`)
}

/** The same input, ending where it fails: what came before is read like a file that ends there. Says how far it was read, and how it failed. */
function endAtDamage(input: Input): { input: Input; furthest: () => number; failure: () => InputError | undefined } {
  let furthest = 0
  let failure: InputError | undefined
  const upTo = (at: number) => {
    if (at > furthest) furthest = at
  }
  const keep = (error: unknown) => {
    if (!(error instanceof InputError)) throw error
    failure = error
  }
  const { direct } = input
  const counted: Input = {
    ...input,
    async *open(start = 0, end) {
      let at = start
      try {
        for await (const piece of input.open(start, end)) {
          at += piece.length
          upTo(at)
          yield piece
          await breathe()
        }
      } catch (error) {
        keep(error)
      }
    },
    direct:
      direct &&
      (() => {
        const reader = direct()
        return {
          read(into, at) {
            let count = 0
            try {
              count = reader.read(into, at)
            } catch (error) {
              keep(error)
            }
            upTo(at + count)
            return count
          },
          close: reader.close,
        }
      }),
  }
  return { input: counted, furthest: () => furthest, failure: () => failure }
}
