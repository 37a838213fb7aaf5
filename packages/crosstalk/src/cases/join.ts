// Which detections are one story: the same processes or their lines, the same logon session, the same caller on the same target at about the same time, the same
// record.
import type { Detection } from '../analytics/index.ts'
import { ancestors, imageName, MINUTE, type ProcessNode } from '../graph/graph.ts'

/** Two acts of one caller on one target belong together when no more than this lies between them. */
const SAME_STORY = 15 * MINUTE

/** Parents of everything: sharing them joins nothing. */
const EVERYBODY = new Set([
  '',
  'system',
  'services.exe',
  'svchost.exe',
  'lsass.exe',
  'wininit.exe',
  'winlogon.exe',
  'smss.exe',
  'csrss.exe',
  'userinit.exe',
  'explorer.exe',
  'wmiprvse.exe',
  'conhost.exe',
  'dllhost.exe',
  'systemd',
  'init',
  'launchd',
  'sshd',
  'dbus-daemon',
]) // prettier-ignore
const SERVICE_SESSIONS = new Set(['0x3e7', '0x3e4', '0x3e5', '0x0'])

/** Groups of detections, each one story, in order of time. Near-linear: detections meet through shared keys. */
export function joinDetections(detections: readonly Detection[]): Detection[][] {
  const parent = detections.map((_, at) => at)
  const root = (at: number): number => {
    while (parent[at] !== at) at = parent[at] = parent[parent[at]]
    return at
  }
  const byKey = new Map<string, { at: number; time: number; until: number }[]>()
  detections.forEach((one, at) => {
    for (const [key, timed] of keysOf(one)) {
      const known = byKey.get(key)
      if (!known) byKey.set(key, [{ at, time: one.time, until: one.until }])
      else {
        // Chained by time: each new one is compared with those met before under this key, of which the last few suffice.
        for (const other of known.slice(-8)) {
          const apart = Math.max(one.time - other.until, other.time - one.until)
          if (!timed || !(apart > SAME_STORY)) parent[root(at)] = root(other.at)
        }
        known.push({ at, time: one.time, until: one.until })
      }
    }
  })
  const groups = new Map<number, Detection[]>()
  detections.forEach((one, at) => {
    const key = root(at)
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  })
  return [...groups.values()]
    .map((group) => group.sort((a, b) => a.time - b.time))
    .sort((a, b) => a[0].time - b[0].time)
}

/** [key, whether time must be close too] */
function keysOf(one: Detection): [string, boolean][] {
  const keys: [string, boolean][] = []
  for (const process of one.processes)
    for (const of of [process, ...ancestors(process, 6)]) if (isOwn(of)) keys.push([`p:${of.key}`, false])
  for (const session of one.sessions)
    if (!SERVICE_SESSIONS.has(session.logonId)) keys.push([`s:${session.host.name}/${session.logonId}`, true])
  for (const process of one.processes) {
    const { logonId, uid } = process.user
    // On Linux these numbers are sessions like any other.
    if (logonId && (uid !== undefined || !SERVICE_SESSIONS.has(logonId)))
      keys.push([`s:${process.host.name}/${logonId}`, true])
  }
  // Services installed one after the other to run commands are one hand's work.
  if (one.by === 'AN1357/command-service') keys.push([`w:${one.host.name}/${one.by}`, true])
  for (const remote of one.remotes) keys.push([`r:${one.host.name}/${remote.address}`, true])
  for (const { host } of one.others) keys.push([`h:${[one.host.name, host.name].sort().join('|')}`, true])
  // So are programs that one account has WMI start, each call in a session of its own.
  if (one.by === 'AN0628/wmi-execution')
    for (const { user, host } of one.processes)
      if (user.name && !SERVICE_SESSIONS.has(user.logonId ?? ''))
        keys.push([`w:${host.name}/${one.by}/${user.name.toLowerCase()}`, true])
  // What a rule matched and what an analytic rests on may be the same record.
  for (const { facts } of one.reasons)
    for (const { kind, evidence } of facts)
      if (kind === 'rule-hit' || kind === 'effect' || kind === 'observation')
        keys.push([`e:${evidence.file}/${evidence.offset}`, false])
  for (const channel of one.channels)
    if (channel.kind === 'named-pipe') keys.push([`c:${channel.host}/${channel.name.toLowerCase()}`, true])
  return [...new Map(keys)]
}

const isOwn = (process: ProcessNode) => !EVERYBODY.has(imageName(process.image))
