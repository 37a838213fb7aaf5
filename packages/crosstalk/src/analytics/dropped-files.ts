// Programs that were written over SMB just before: what lateral movement brings along, and whether it was then loaded or run.
import type { Effect } from '../facts/fact.ts'
import { plainAddress } from '../graph/address-claims.ts'
import { type Graph, imageName, MINUTE, type ProcessNode, SECOND } from '../graph/graph.ts'
import type { Detection } from './analytic.ts'
import { between, nameOf, startedFact } from './surroundings.ts'

/** A file is brought minutes before it is used, not hours. */
const BROUGHT_BEFORE = 10 * MINUTE
const PROGRAM = /\.(exe|dll|sys|scr|com|cpl|ocx|msi|ps1|bat|cmd|vbs|vbe|js|jse|wsf|sct|hta|xll|csproj|xml)$/i
/** FILE_WRITE_DATA and FILE_APPEND_DATA ([MS-SMB2] 2.2.13.1.1). */
const WRITES = 0x2 | 0x4

/** Adds what `address` wrote to the detection's host before it, and what became of it. Returns the names of the programs. */
export function droppedFiles(graph: Graph, into: Detection, address: string | undefined): string[] {
  const files = between(graph.effects, into.time - BROUGHT_BEFORE, into.until + SECOND).filter(
    (one) => graph.hostNamed(one.host, one.time) === into.host && PROGRAM.test(one.name) && isOverSmb(one, address),
  )
  if (!files.length) return []
  const byName = Map.groupBy(files, (one) => leafOf(one.name))
  for (const [leaf, of] of [...byName].slice(0, 3)) {
    const first = of[0]
    const shown = of.find((one) => one.what === 'file-created') ?? first
    into.reasons.push({
      support: 'before',
      weight: 12,
      text: `${shown.name} had been brought over SMB ${ago(into.time - first.time)}.`,
      facts: of.slice(0, 4),
    })
    whatBecame(graph, into, leaf, first.time)
  }
  return [...byName.values()].map(([first]) => first.name.slice(first.name.lastIndexOf('\\') + 1))
}

const leafOf = (path: string): string => path.slice(path.lastIndexOf('\\') + 1).toLowerCase()

const ago = (time: number): string =>
  time < SECOND
    ? 'at that moment'
    : time < 2 * MINUTE
      ? `${Math.round(time / SECOND)} s before`
      : `${Math.round(time / MINUTE)} min before`

/** By the SMB server (`System` to Sysmon), or through an administrative share by this address. */
function isOverSmb(file: Effect, address: string | undefined): boolean {
  if (file.what === 'file-created') return imageName(file.actor?.image) === 'system'
  if (file.what !== 'share-file' || !address) return false
  const from = file.detail.IpAddress
  return !!from && plainAddress(from) === plainAddress(address) && isWritten(file)
}

/** Asked for with the right to write, or, on the wire, written or new: Zeek tells a file's size as it was when it was opened. */
const isWritten = ({ detail }: Effect): boolean =>
  detail.action ? /WRITE|RENAME/.test(detail.action) || detail.size === '0' : (Number(detail.AccessMask) & WRITES) !== 0

function whatBecame(graph: Graph, into: Detection, leaf: string, time: number): void {
  const loaded = between(graph.effects, time, into.until + MINUTE).filter(
    (one) =>
      one.what === 'image-loaded' && graph.hostNamed(one.host, one.time) === into.host && leafOf(one.name) === leaf,
  )
  const loader = loaded.length ? graph.processOf(loaded[0]) : undefined
  if (loader) {
    add(into, loader)
    into.reasons.push({
      support: 'adjacency',
      weight: 16,
      text: `${nameOf(loader)} (pid ${loader.pid ?? '?'}) then loaded it.`,
      facts: loaded.slice(0, 2),
    })
    if (!into.techniques.some((one) => one.id === 'T1574'))
      into.techniques.push({
        id: 'T1574',
        reason: `${nameOf(loader)} loaded a library that had been written over SMB.`,
      })
  }
  const ran = into.processes.find((one) => leafOf(one.image) === leaf)
  if (ran)
    into.reasons.push({
      support: 'adjacency',
      weight: 16,
      text: `${nameOf(ran)} then ran from there.`,
      facts: startedFact(ran),
    })
}

const add = (into: Detection, process: ProcessNode): void => {
  if (!into.processes.includes(process)) into.processes.push(process)
}
