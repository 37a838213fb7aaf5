// What an archive may cost before it is left alone. Each limit has an option; what is over it is named, never silently dropped.
import { InputError } from '../input-error.ts'

export interface ContainerLimits {
  /** archives within archives */
  depth: number
  /** entries in one archive, those of archives inside it included */
  entries: number
  /** unpacked bytes for each packed byte of the outermost archive */
  ratio: number
  /** unpacked bytes of one outermost archive */
  bytes: number
  /** bytes of an archive that must be held in memory because it lies compressed in another */
  memory: number
}

/**
 * Logs of few distinct lines reach 100:1 with Deflate, whose own bound is 1,032:1; more than that is a bomb or a log of nearly nothing.
 * The rest are what one analyst's machine stands.
 */
export const DEFAULT_LIMITS: Readonly<ContainerLimits> = {
  depth: 5,
  entries: 1_000_000,
  ratio: 1_000,
  bytes: 2 ** 40,
  memory: 512 * 1024 * 1024,
}

/** The command line's option for each limit, and what it says there. */
export const LIMIT_OPTIONS: Readonly<Record<keyof ContainerLimits, { option: string; text: string }>> = {
  depth: { option: '--archive-depth', text: 'archives within archives that are opened' },
  entries: { option: '--archive-entries', text: 'entries of one archive that are read' },
  ratio: { option: '--archive-ratio', text: 'unpacked bytes for each packed byte of an archive' },
  bytes: { option: '--archive-bytes', text: 'unpacked bytes of one archive' },
  memory: { option: '--archive-memory', text: 'bytes of an archive inside an archive that are held in memory' },
}

/** Below this much nobody is harmed, whatever the ratio. */
const FREE_BYTES = 256 * 1024 * 1024

/** What one outermost archive has cost so far. */
export class Budget {
  readonly limits: Readonly<ContainerLimits>
  /** packed bytes of the outermost archive; NaN when unknown */
  readonly packed: number
  #unpacked = 0
  #entries = 0

  constructor(limits: Readonly<ContainerLimits>, packed: number) {
    this.limits = limits
    this.packed = packed
  }

  /** Counts unpacked bytes. Throws InputError when they are too many. */
  spend(bytes: number, name: string): void {
    this.#unpacked += bytes
    if (this.#unpacked > this.limits.bytes) throw over(name, 'bytes', this.limits)
    if (this.#unpacked > FREE_BYTES && this.#unpacked > this.packed * this.limits.ratio)
      throw over(name, 'ratio', this.limits)
  }

  /** Counts an entry. Throws InputError when they are too many. */
  enter(name: string): void {
    if (++this.#entries > this.limits.entries) throw over(name, 'entries', this.limits)
  }
}

export function over(name: string, limit: keyof ContainerLimits, limits: Readonly<ContainerLimits>): InputError {
  const { option, text } = LIMIT_OPTIONS[limit]
  return new InputError(name, `more than ${limits[limit].toLocaleString('en')} ${text} (raise it with ${option})`)
}
