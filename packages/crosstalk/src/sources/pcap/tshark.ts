// Runs tshark, Wireshark's command line, over a file on disk: one process, its output read as fast as it is used. It writes nothing, resolves no names, reads no
// settings of the user and none of the analysed folder, and is ended with whoever reads from it.
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where Wireshark's installers put it, when it is not on the path. */
const USUAL_PLACES = [
  '/usr/bin/tshark',
  '/usr/local/bin/tshark',
  '/opt/homebrew/bin/tshark',
  '/Applications/Wireshark.app/Contents/MacOS/tshark',
  'C:\\Program Files\\Wireshark\\tshark.exe',
]

export const HOW_TO_INSTALL =
  'packet captures are read through tshark, which is not installed: apt install tshark, dnf install wireshark-cli, brew install wireshark, or wireshark.org; then run again'

/** Path of the program: CROSSTALK_TSHARK where that is set, else from the path or where it usually lies; undefined when it is not installed. */
export function findTshark(
  { PATH = '', CROSSTALK_TSHARK }: NodeJS.ProcessEnv = process.env,
  places: readonly string[] = USUAL_PLACES,
): string | undefined {
  if (CROSSTALK_TSHARK !== undefined) return isProgram(CROSSTALK_TSHARK) ? CROSSTALK_TSHARK : undefined
  const name = process.platform === 'win32' ? 'tshark.exe' : 'tshark'
  const onPath = PATH.split(delimiter).filter(Boolean)
  return [...onPath.map((folder) => join(folder, name)), ...places].find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export interface TsharkRun {
  /** lines of its output, without the line feed; each is valid until the next */
  lines: AsyncIterable<Buffer>
  /** when the lines have ended: what it complained of in plain words, undefined for nothing */
  problem(): Promise<string | undefined>
  /** lines that were longer than MAX_LINE_BYTES and left out */
  longLines(): number
  /** ends it, if it still runs */
  stop(): void
}

/** A packet's dissection as JSON; more than that is file contents, which nobody asked for. */
const MAX_LINE_BYTES = 16 << 20
const MAX_COMPLAINT = 4096
/** A dissector that goes in a circle must not hang the run: so much time, and so much more for each megabyte. */
const PATIENCE_SECONDS = 120
const SECONDS_PER_MEGABYTE = 10

/** What a web server sends is not put together: it can be gigabytes, and its headers are all that is told. */
const PREFERENCES = ['-o', 'http.desegment_body:FALSE']

export interface TsharkOptions {
  /** the capture, on disk */
  path: string
  bytes: number
  /** an empty folder that it takes for home and settings */
  home: string
  /** display filter: which packets are told */
  filter: string
  /** protocols of which everything is told */
  layers: readonly string[]
}

export function runTshark(program: string, { path, bytes, home, filter, layers }: TsharkOptions): TsharkRun {
  const child = spawn(program, ['-n', '-r', path, ...PREFERENCES, '-T', 'ek', '-J', layers.join(' '), '-Y', filter], {
    cwd: home,
    env: { ...neededEnvironment(), HOME: home, WIRESHARK_CONFIG_DIR: home, XDG_CONFIG_HOME: home, LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  let complaint = ''
  let isTooSlow = false
  let isStopped = false
  let long = 0
  const seconds = PATIENCE_SECONDS + (bytes / 1e6) * SECONDS_PER_MEGABYTE
  const timer = setTimeout(
    () => {
      isTooSlow = true
      child.kill('SIGKILL')
    },
    Math.min(seconds * 1000, 2 ** 31 - 1),
  )
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, MAX_COMPLAINT)
  })
  const ended = new Promise<string | undefined>((resolve) => {
    const finish = (problem: string | undefined) => {
      clearTimeout(timer)
      resolve(problem)
    }
    child.on('error', (error) => finish(`tshark could not be started: ${error.message}`))
    child.on('close', (code, signal) => {
      if (isStopped) finish(undefined)
      else if (isTooSlow) finish(`tshark was ended: it took more than ${Math.round(seconds)} s`)
      else if (signal) finish(`tshark was ended by ${signal}`)
      else finish(code === 0 ? undefined : plainComplaint(complaint) || `tshark ended with code ${code}`)
    })
  })
  return {
    lines: splitLines(child, () => long++),
    problem: () => ended,
    longLines: () => long,
    stop() {
      isStopped = true
      clearTimeout(timer)
      if (child.exitCode === null) child.kill('SIGKILL')
    },
  }
}

/** What programs need to start at all; nothing else of ours goes there. */
function neededEnvironment(): Record<string, string> {
  const needed: Record<string, string> = {}
  for (const name of ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR']) {
    const value = process.env[name]
    if (value !== undefined) needed[name] = value
  }
  return needed
}

/** tshark's words without its name, the file's, and what is none of the reader's business. */
function plainComplaint(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/^tshark: /, '').trim())
    .filter((line) => line && !/^Running as user "root"/.test(line) && !/^\*\* |^$/.test(line))
    .map((line) => line.replace(/^The file "[^"]*"/, 'the file'))
    .slice(0, 3)
    .join('; ')
}

async function* splitLines(child: ChildProcess, onLong: () => void): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let length = 0
  let isLong = false
  for await (const piece of child.stdout as AsyncIterable<Buffer>) {
    let from = 0
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, from)) {
      const rest = piece.subarray(from, at)
      from = at + 1
      const line = pieces.length ? Buffer.concat([...pieces, rest]) : rest
      pieces = []
      length = 0
      if (isLong) isLong = false
      else yield line
    }
    if (isLong || from >= piece.length) continue
    pieces.push(piece.subarray(from))
    length += piece.length - from
    if (length <= MAX_LINE_BYTES) continue
    isLong = true
    pieces = []
    onLong()
  }
}
