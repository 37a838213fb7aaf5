// What a telemetry format must offer to be read. A folder a format; each passes source.conformance.ts.
import type { SourceEvent } from '../events/event.ts'
import type { Zone } from './local-zone.ts'

/** A file, or an entry of an archive, to be read. */
export interface Input {
  /** the name that evidence carries: the path as the user gave it, `archive.zip!entry` inside an archive */
  readonly name: string
  /** the path on disk, when the bytes lie there as they are; its bytes where they are no UTF-8 */
  readonly path?: string | Uint8Array
  /** total bytes; undefined when it is known only at the end */
  readonly size?: number
  /** bytes from `start` (default 0) up to `end` (default: the end); pieces of any size, each used before the next is asked for */
  open(start?: number, end?: number): AsyncIterable<Uint8Array>
  /** For bytes that lie on disk as they are: reads them straight to where they are wanted. Throws InputError as `open` does. */
  direct?(): DirectReader
}

export interface DirectReader {
  /** Fills `into` with bytes from offset `at` on, as far as there are any; gives how many. */
  read(into: Uint8Array, at: number): number
  close(): void
}

/** Part of an input that one worker reads: [start, end) in bytes. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Why something was passed over: counted by reason, with the first places as examples. */
export interface Skip {
  readonly reason: string
  readonly offset: number
  readonly bytes: number
}

export interface ReadOptions {
  /** of times that name none (default 0) */
  readonly zone?: Zone
  /** EVTX: also look for records in slack space */
  readonly carve?: boolean
}

export interface Source {
  /** the format's short name, as the account prints it: `evtx`, `windows-json`, `auditd` … */
  readonly format: string
  /** one line for people */
  readonly title: string
  /** What it needs and this machine lacks, and how to get it; undefined when nothing is missing. Reading rejects with the same words. */
  missing?(): string | undefined
  /**
   * How sure the source is that these are its bytes, 0 (no) to 1: content decides, the name is a hint at most.
   * `head` is the first 64 KiB at most; it is not changed afterwards, so that what was found in it may be kept for the next source that is asked.
   */
  detect(head: Uint8Array, name: string): number
  /**
   * An event may be made of several records: it is handed on behind the last of them, and its bytes, from the first to the last, lie over theirs. It is of the range
   * in which what completes it starts.
   */
  readonly assembles?: boolean
  /** Where an input of this size may be cut so that workers share it; absent: it is read whole by one worker. */
  ranges?(size: number, wanted: number): ByteRange[]
  /**
   * Read a range: every event that *starts* in it is handed to `onEvent`, once, in order. Never throws for bad content: what can't be
   * read goes to `onSkip` and reading goes on behind it. Rejects only when the input itself cannot be read (InputError).
   */
  read(
    input: Input,
    range: ByteRange | undefined,
    options: ReadOptions,
    onEvent: (event: SourceEvent) => void,
    onSkip: (skip: Skip) => void,
  ): Promise<void>
}
