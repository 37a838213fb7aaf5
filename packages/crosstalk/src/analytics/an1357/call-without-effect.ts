// A control pipe opened from another machine, and no record of anything that changed: when that is told at all.
import type { Observation } from '../../facts/fact.ts'
import { MINUTE, type ProcessNode } from '../../graph/graph.ts'
import type { Detection } from '../analytic.ts'
import { contentHints, isUserWritable } from '../command-content.ts'
import type { RpcService } from './rpc-services.ts'

/** How often one caller opens a pipe in a story before that itself tells: consoles and scripts open it once for each thing that they ask. */
const MANY_OPENS = 30

/** A program that is no administrator's. */
const isOddCaller = (process: ProcessNode): boolean => isUserWritable(process.image) || contentHints(process).length > 0

/**
 * A look is an administrator's work, too, unless the program that looks is no administrator's, a program was brought along just before (what PsExec and its kin
 * do first: `brought`), or the pipe is opened again and again. Says so in the detection; false when it is none of these.
 */
export function callWithoutEffect(
  result: Detection,
  service: RpcService,
  opens: readonly Observation[],
  from: string,
  brought: readonly string[],
): boolean {
  const programs = brought.filter((name) => /\.(exe|dll|sys|com|scr)$/i.test(name))
  // One record may tell of the pipe and of the interface behind it.
  const times = new Set(opens.map(({ evidence }) => `${evidence.file}/${evidence.offset}`)).size
  const isMany = times >= MANY_OPENS
  if (!isMany && !programs.length && !result.processes.some(isOddCaller)) return false
  if (isMany) {
    const minutes = Math.max(1, Math.round((opens.at(-1)!.time - opens[0].time) / MINUTE))
    result.title = `${from} opened ${service.name} ${times} times`
    result.reasons.push({
      support: 'rarity',
      weight: 14,
      text: `It was opened ${times} times in ${minutes} min: a tool at work, not a person.`,
      facts: opens.slice(0, 8),
    })
  }
  if (programs.length) {
    result.title = `${from} brought ${programs.slice(0, 2).join(' and ')} and opened ${service.name}`
    result.techniques.push({ id: 'T1570', reason: `${programs[0]} was written to an administrative share.` })
  }
  result.gaps.push({
    text: `What ${from} asked ${service.name} for is not in this telemetry: nothing that it would have changed was recorded.`,
    wouldShow:
      'Events 7036, 7040 and 7045 of the System log, Security events 4697, 4698 and 4657; RPC Firewall, a packet capture.',
  })
  return true
}
