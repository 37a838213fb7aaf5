// Runs ausearch (audit-userspace) over a log and reads what it prints.
import { spawn, spawnSync } from 'node:child_process'

/** One record as `ausearch -i` prints it. */
export interface InterpretedRecord {
  /** `node time serial`, as in `node=… msg=audit(TIME:SERIAL)` */
  readonly event: string
  readonly type: string
  /** ` name=value name=value`, a blank before each; values may hold blanks too. Those of msg='…' stand among them. */
  readonly fields: string
}

/** The date in ausearch's times is that of the locale. */
const environment = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }

/** ausearch's version; undefined when there is none. */
export function ausearchVersion(): string | undefined {
  const { stdout, status } = spawnSync('ausearch', ['--version'], { encoding: 'utf8', env: environment })
  return status === 0 ? stdout.trim() : undefined
}

const HEADER = /^(?:node=(\S+) )?type=(\S+) msg=audit\(([^)]*):(\d+)\) : *(.*?) *$/s

/** Hands on the records of `ausearch -i`, in its order, and returns how many events they made. */
export async function forEachInterpreted(
  log: string,
  onRecord: (record: InterpretedRecord) => void,
  onOdd: (line: string) => void,
): Promise<number> {
  let events = 0
  for await (const line of linesOf(['-i', '-if', log])) {
    if (line === '----') {
      events++
      continue
    }
    const found = HEADER.exec(line)
    if (!found) onOdd(line)
    else
      onRecord({
        event: `${found[1] ?? ''} ${found[3]} ${found[4]}`,
        type: found[2],
        fields: ` ${found[5].replace(/ msg='(.*)'$/s, ' $1')}`,
      })
  }
  return events
}

/** The lines of another format of ausearch (`raw`, `csv`, `text`). */
export const linesOfFormat = (log: string, format: string): AsyncIterable<string> =>
  linesOf(['--format', format, '-if', log])

export async function* linesOf(args: string[]): AsyncIterable<string> {
  const child = spawn('ausearch', args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
  let carry = ''
  child.stdout.setEncoding('utf8')
  for await (const piece of child.stdout as AsyncIterable<string>) {
    const lines = (carry + piece).split('\n')
    carry = lines.pop()!
    yield* lines
  }
  if (carry) yield carry
}

/** Microseconds since 1970 as ausearch writes them where LC_ALL is C and TZ is UTC: `11/24/26 15:10:02.303`. */
export function ausearchTime(time: number): string {
  const iso = new Date(Math.floor(time / 1000)).toISOString()
  return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(2, 4)} ${iso.slice(11, 23)}`
}
