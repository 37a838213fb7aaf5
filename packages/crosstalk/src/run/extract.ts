// The first stage: a task's bytes → JSON lines, rule matches or facts. The same on the main thread and in a worker.
import { JsonOutput } from '@crosstalk/evtx'
import { createMatcher, type Matcher, type RuleSet } from '@crosstalk/sigma'
import { bindAll } from '../channels/index.ts'
import type { SourceEvent, SourceShape } from '../events/event.ts'
import type { ReadFacts } from '../facts/extractor.ts'
import type { Fact } from '../facts/fact.ts'
import type { Input } from '../sources/source.ts'
import type { FileAccount } from './account.ts'
import { countKinds } from './count-kinds.ts'
import { lineHead } from './dump-line.ts'
import { openTask, withoutName } from './open-task.ts'
import { bindRuleHit, type ReadRuleHit } from './rule-hit.ts'
import { createSkipCounter } from './skips.ts'
import type { Batch, InputName, RuleMatch, Stage, Task, TaskResult } from './stage.ts'

/** A batch is handed on when it holds so much. */
const BATCH_LINES_BYTES = 1 << 20
const BATCH_ITEMS = 2000
const TICK_EVENTS = 256
/** Shapes whose readers are kept; hostile input may make more, which are bound anew. */
const MAX_SHAPES = 4096

/** What a stage does with the events of one input. */
export interface EventTaker {
  take(event: SourceEvent): void
  /** that much is gathered that it should be handed on */
  isFull(): boolean
  /** hands on what is gathered */
  flush(): void
}

export interface Extractor {
  /** Reads a task. `emit` gets what came of it, in order. Throws only what `emit` throws. */
  run(task: Task, emit: (batch: Batch) => void): Promise<TaskResult>
}

/** `ruleSet`: what `stage.rules` holds, where it was parsed already. `now` is called every TICK_EVENTS events. */
export function createExtractor(stage: Stage, ruleSet?: RuleSet, now: () => void = () => {}): Extractor {
  const makeTaker = takerFor(stage, ruleSet ?? (stage.rules && compiledSet(stage.rules)))
  return {
    async run(task, emit) {
      const result: TaskResult = { files: [], outsideTime: 0 }
      for await (const opened of openTask(task, stage.archiveLimits, (account) => result.files.push(account))) {
        const { input, source, range } = opened
        const counter = createSkipCounter(input.name)
        const account: FileAccount = { file: input.name, format: source.format, bytes: 0, events: 0, skipped: [] }
        result.files.push(account)
        const taker = makeTaker({ name: input.name, format: source.format }, emit)
        const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = stage
        const limited = stage.since !== undefined || stage.until !== undefined
        const onEvent = (event: SourceEvent) => {
          if (++account.events % TICK_EVENTS === 0) now()
          if (limited) {
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
        const counted = countBytes(input)
        try {
          await source.read(counted.input, range, stage, onEvent, counter.add)
        } catch (error) {
          if (!(error instanceof Error) || error.name !== 'InputError') throw error
          account.problem = withoutName(error.message, input.name)
        }
        taker.flush()
        account.bytes = range ? range.end - range.start : (input.size ?? counted.bytes())
        account.skipped = counter.counts()
      }
      return result
    },
  }
}

/** Entries of streams know their size only when they were read. */
function countBytes(input: Input): { input: Input; bytes: () => number } {
  if (input.size !== undefined) return { input, bytes: () => 0 }
  let furthest = 0
  const counted: Input = {
    ...input,
    async *open(start = 0, end) {
      let at = start
      for await (const piece of input.open(start, end)) {
        at += piece.length
        if (at > furthest) furthest = at
        yield piece
      }
    },
  }
  return { input: counted, bytes: () => furthest }
}

/** What run/rules.ts wrote. */
const compiledSet = ({ buffer, byteOffset, length }: Uint8Array): RuleSet =>
  (JSON.parse(Buffer.from(buffer, byteOffset, length).toString()) as { set: RuleSet }).set

type MakeTaker = (input: InputName, emit: (batch: Batch) => void) => EventTaker

function takerFor(stage: Stage, ruleSet: RuleSet | undefined): MakeTaker {
  if (stage.kind === 'dump') return dumpTaker
  if (stage.kind === 'coverage') return countKinds
  const matcher = ruleSet?.rules.length ? createMatcher(ruleSet) : undefined
  if (stage.kind === 'scan') return (input, emit) => scanTaker(matcher, input, emit)
  const readers = new Map<SourceShape, ShapeReaders>()
  return (input, emit) => huntTaker(matcher, readers, input, emit)
}

function dumpTaker(input: InputName, emit: (batch: Batch) => void): EventTaker {
  let pieces: Uint8Array[] = []
  let bytes = 0
  const hand = () => {
    if (bytes) emit({ input, lines: pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, bytes) })
    pieces = []
    bytes = 0
  }
  // The output's buffer is used again: what it hands on is copied.
  const out = new JsonOutput((piece) => {
    pieces.push(piece.slice())
    bytes += piece.length
  })
  const head = lineHead(input.name)
  return {
    take(event) {
      out.writeText(head(event))
      try {
        if (event.writeJson) event.writeJson(out)
        else out.writeText(event.toJson())
        out.writeText('}\n')
      } catch (error) {
        // What is too large to be written still has its line.
        out.writeText(`null,"problem":${JSON.stringify((error as Error).message)}}\n`)
        throw error
      }
    },
    isFull: () => bytes >= BATCH_LINES_BYTES,
    flush() {
      out.flush()
      hand()
    },
  }
}

function scanTaker(matcher: Matcher | undefined, input: InputName, emit: (batch: Batch) => void): EventTaker {
  let matches: RuleMatch[] = []
  const flush = () => {
    if (matches.length) emit({ input, matches })
    matches = []
  }
  return {
    take(event) {
      matcher?.match(event, (_, rule) => {
        const { channel, eventId } = event.shape
        matches.push({
          rule,
          recordId: event.recordId,
          time: event.time,
          channel,
          eventId,
          computer: event.host,
          matched: matcher.matchedFields(event, rule),
        })
      })
    },
    isFull: () => matches.length >= BATCH_ITEMS,
    flush,
  }
}

interface ShapeReaders {
  facts: ReadFacts | undefined
  hit: ReadRuleHit
}

function huntTaker(
  matcher: Matcher | undefined,
  readers: Map<SourceShape, ShapeReaders>,
  input: InputName,
  emit: (batch: Batch) => void,
): EventTaker {
  let facts: Fact[] = []
  const keep = (fact: Fact) => {
    facts.push(fact)
  }
  const flush = () => {
    if (facts.length) emit({ input, facts })
    facts = []
  }
  return {
    take(event) {
      const { shape } = event
      let read = readers.get(shape)
      if (read === undefined) {
        if (readers.size >= MAX_SHAPES) readers.clear()
        read = { facts: bindAll(shape), hit: bindRuleHit(shape) }
        readers.set(shape, read)
      }
      read.facts?.(event, keep)
      matcher?.match(event, (rule, index) => keep(read.hit(event, rule.id, matcher.matchedFields(event, index))))
    },
    isFull: () => facts.length >= BATCH_ITEMS,
    flush,
  }
}
