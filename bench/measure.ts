// The small runner of every benchmark here: whole processes side by side, in turns so that both meet the same machine, medians of several runs.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Run {
  readonly wallSeconds: number
  /** user and system time; undefined where GNU time is missing */
  readonly cpuSeconds: number | undefined
  readonly peakMiB: number | undefined
}

export interface Contestant {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** The path of a program, undefined when it is not on the PATH. */
export function findProgram(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // not here
    }
  }
  return undefined
}

const GNU_TIME = '/usr/bin/time'
const hasGnuTime = spawnSync(GNU_TIME, ['-f', '%e', 'true'], { encoding: 'utf8' }).status === 0

/** Runs a program once, its output to nowhere. Throws when it fails: a time of a failed run is no time. */
export function runOnce({ name, command, args, env }: Contestant): Run {
  const started = performance.now()
  const [file, words] = hasGnuTime ? [GNU_TIME, ['-f', '%U %S %M', command, ...args]] : [command, args]
  const { status, stderr, error } = spawnSync(file, words, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  })
  const wallSeconds = (performance.now() - started) / 1000
  if (error || status !== 0)
    throw new Error(`${name} failed (${error?.message ?? status}): ${(stderr ?? '').slice(-400)}`)
  const figures = hasGnuTime ? /([\d.]+) ([\d.]+) (\d+)\s*$/.exec(stderr) : null
  if (!figures) return { wallSeconds, cpuSeconds: undefined, peakMiB: undefined }
  return { wallSeconds, cpuSeconds: Number(figures[1]) + Number(figures[2]), peakMiB: Number(figures[3]) / 1024 }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

function medianRun(runs: readonly Run[]): Run {
  const known = (of: (run: Run) => number | undefined) => runs.map(of).filter((value) => value !== undefined)
  const cpu = known((run) => run.cpuSeconds)
  const peak = known((run) => run.peakMiB)
  return {
    wallSeconds: median(runs.map((run) => run.wallSeconds)),
    cpuSeconds: cpu.length ? median(cpu) : undefined,
    peakMiB: peak.length ? Math.max(...peak) : undefined,
  }
}

/** Runs each once unmeasured, then `times` rounds of all in turn; medians (memory: the largest). */
export function compare(contestants: readonly Contestant[], times: number): Map<string, Run> {
  for (const contestant of contestants) runOnce(contestant)
  const runs = new Map<string, Run[]>(contestants.map(({ name }) => [name, []]))
  for (let round = 0; round < times; round++)
    for (const contestant of contestants) runs.get(contestant.name)?.push(runOnce(contestant))
  return new Map([...runs].map(([name, all]) => [name, medianRun(all)]))
}

export function describeRun(run: Run): string {
  const cpu = run.cpuSeconds === undefined ? 'CPU ?' : `${run.cpuSeconds.toFixed(2)} s CPU`
  const peak = run.peakMiB === undefined ? 'memory ?' : `${Math.round(run.peakMiB)} MiB`
  return `${run.wallSeconds.toFixed(3)} s wall, ${cpu}, ${peak}`
}

/** How many times faster than `base` a run is. */
export function timesFaster(run: Run, base: Run): string {
  const wall = base.wallSeconds / run.wallSeconds
  const cpu = run.cpuSeconds && base.cpuSeconds ? `, ${(base.cpuSeconds / run.cpuSeconds).toFixed(2)} by CPU` : ''
  return `${wall.toFixed(2)} times${cpu}`
}
