// Inputs of bench/sigma.ts, made once into bench/inputs out of the corpus; nothing of it is committed.
import { spawn } from 'node:child_process'
import { closeSync, createReadStream, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { flatWindowsEvent } from '../packages/sigma/test/flat-events.ts'

const PROGRAM = join(import.meta.dirname, '..', 'packages', 'crosstalk', 'bin', 'crosstalk.js')

/** How often the records of the event logs go into the second input, each time with other identifiers. */
const ROUNDS = 6

/** What differs between any two events of a live system, though they be alike otherwise. */
const IDENTIFIER = /(?:Guid|Id|ID|Port|Handle|Address|Time|Hash|Hashes)$/

/** The Sysmon events of a mixed file of flat JSON lines. */
export async function sysmonEvents(mixed: string, file: string): Promise<void> {
  await make(file, async (write) => {
    for await (const line of linesOf(createReadStream(mixed)))
      if (line.includes('"Microsoft-Windows-Sysmon/Operational"')) write(line)
  })
}

/** The records of a folder of event logs as flat JSON lines: hosts, products and attacks that the engine was not tuned on. */
export async function eventLogEvents(logs: string, file: string): Promise<void> {
  await make(file, async (write) => {
    const child = spawn(process.execPath, [PROGRAM, 'dump', logs, '--quiet'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const events: Record<string, unknown>[] = []
    for await (const line of linesOf(child.stdout))
      events.push(flatWindowsEvent(JSON.parse(line) as Record<string, unknown>))
    for (let round = 0; round < ROUNDS; round++)
      for (const [at, event] of events.entries())
        write(JSON.stringify({ ...renumbered(event, round), EventRecordID: round * events.length + at + 1 }))
  })
}

/** The same event at another time on another host: identifiers keep their form, and their digits change. */
function renumbered(event: Record<string, unknown>, round: number): Record<string, unknown> {
  if (round === 0) return event
  return Object.fromEntries(
    Object.entries(event).map(([name, value]) => {
      const changes = name !== 'EventID' && IDENTIFIER.test(name) && typeof value === 'string' && value.length > 4
      if (changes) return [name, value.replace(/\d(?=.?$|.{3})/g, (digit) => String((Number(digit) + round) % 10))]
      return [name, name === 'Hostname' ? `${round}-${String(value)}` : value]
    }),
  )
}

const linesOf = (input: Readable) => createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })

/** A file appears whole or not at all. */
async function make(file: string, fill: (write: (line: string) => void) => Promise<void>): Promise<void> {
  if (existsSync(file)) return
  mkdirSync(dirname(file), { recursive: true })
  const out = openSync(`${file}.part`, 'w')
  let pending: string[] = []
  const flush = () => {
    if (pending.length) writeSync(out, `${pending.join('\n')}\n`)
    pending = []
  }
  await fill((line) => {
    if (pending.push(line) === 1000) flush()
  })
  flush()
  closeSync(out)
  renameSync(`${file}.part`, file)
}
