// The host that a triage collection was made on, for events that name none (audit logs without `node=`, traces, D-Bus captures): by the name that the collector gives its archive or
// folder, or by what lies in it.
import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { SourceEvent } from '../events/event.ts'
import { JsonEvent } from './json-lines/json-event.ts'
import type { Source } from './source.ts'

/** Group 1 is the host. */
const NAMES: readonly RegExp[] = [
  // Velociraptor's offline collector: `Collection-%FQDN%-%TIMESTAMP%` (artifact Server.Utils.CreateCollector)
  /^Collection-(.{1,255}?)-\d{4}-\d\d-\d\d[T ]?\d\d[_:-]?\d\d[_:-]?\d\d/,
  // Velociraptor's server: host, client and flow
  /^(.{1,255})-C\.[0-9a-f]{16}-F\.[0-9A-Z.]{5,40}(?:\.zip)?$/,
  // UAC: `uac-%hostname%-%os%-%timestamp%` (tclahr/uac, --output-base-name)
  /^uac-(.{1,255})-(?:aix|android|esxi|freebsd|linux|macos|netbsd|netscaler|openbsd|solaris)-\d{14}/,
  // DFIR-ORC: `DFIR-ORC_{SystemType}_{FullComputerName}_{archive}`
  /^DFIR-ORC_(?:Server|WorkStation|DomainController)_(.{1,255})_[A-Za-z0-9]{1,64}(?:\.7z)?$/i,
]

/** Sources whose events are of the host that they were collected on. What a sensor or a server collected of many hosts is none of them. */
const OF_ONE_HOST: ReadonlySet<string> = new Set([
  'windows-json',
  'windows-event-text',
  'auditd',
  'laurel',
  'sysmon-linux',
  'syslog',
  'journald',
  'journal-export',
  'eslogger',
  'unified-log',
  'osquery',
  'falco',
  'tetragon',
  'tracee',
  'dbus-capture',
  'dbus-text',
  'ipcdump',
])

/** The host that the name of an input tells (`…/Collection-PC1-2024-05-14T09_00_00Z.zip!uploads/…`); '' when none does. */
export function hostOfName(name: string): string {
  for (const part of name.split(/[/\\!]/)) {
    for (const pattern of NAMES) {
      const host = pattern.exec(part)?.[1]
      if (host !== undefined && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(host)) return host
    }
  }
  return ''
}

const MAX_LEVELS = 12
const MAX_INFO = 1024 * 1024
/** by folder: what its client_info.json says, '' when there is none */
const known = new Map<string, string>()
const MAX_KNOWN = 10_000

/** The same of a file on disk, by Velociraptor's client_info.json in a folder above it too. */
export function hostOfFile(path: string): string {
  const named = hostOfName(path)
  if (named !== '') return named
  let folder = dirname(resolve(path))
  for (let level = 0; level < MAX_LEVELS; level++) {
    const host = hostIn(folder)
    if (host !== '') return host
    const above = dirname(folder)
    if (above === folder) break
    folder = above
  }
  return ''
}

function hostIn(folder: string): string {
  const before = known.get(folder)
  if (before !== undefined) return before
  if (known.size >= MAX_KNOWN) known.clear()
  const host = readClientInfo(join(folder, 'client_info.json'))
  known.set(folder, host)
  return host
}

/** Of an exported flow (`os_info`), or of the offline collector (what `info()` gives). Whatever is wrong with the file, it names no host. */
function readClientInfo(path: string): string {
  try {
    if (statSync(path).size > MAX_INFO) return ''
    const info = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown> | null
    const inner = (info?.os_info ?? info) as Record<string, unknown> | null
    for (const name of ['fqdn', 'Fqdn', 'hostname', 'Hostname']) {
      const value = inner?.[name]
      if (typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/.test(value)) return value
    }
  } catch {
    // No such file, or none of Velociraptor's.
  }
  return ''
}

/** The source, its events of that host where they name none; the source itself where that makes no sense. */
export function withHost(source: Source, host: string): Source {
  if (host === '' || !OF_ONE_HOST.has(source.format)) return source
  return {
    ...source,
    read: (input, range, options, onEvent, onSkip) =>
      source.read(
        input,
        range,
        options,
        (event) => {
          giveHost(event, host)
          onEvent(event)
        },
        onSkip,
      ),
  }
}

function giveHost(event: SourceEvent, host: string): void {
  // A JSON record's host is looked up when somebody asks.
  if (event instanceof JsonEvent) event.fallbackHost = host
  else if (event.host === '') event.host = host
}
