// A task that is registered to run one command, its output in a file, and deleted at once: what execution through the task scheduler leaves in the Security log alone.
import type { Effect, Fact } from '../../facts/fact.ts'
import { type Graph, type HostNode, MINUTE, SECOND } from '../../graph/graph.ts'
import { type Detection, detection } from '../analytic.ts'
import { contentHints, looksRandom } from '../command-content.ts'
import { accountName, between, remoteLogon, short } from '../surroundings.ts'

/** Who wants to know what a command printed, and cannot see it, has it written to a file and fetches that (impacket’s atexec.py: task and file share a made-up name). */
const OUTPUT_FETCHED = /\bcmd(?:\.exe)?"?\s+\/[ck]\b.*>\s*\S*(?:\\temp\\|%temp%|\\\\127\.0\.0\.1\\)\S*/i
/** A task for somebody's question is gone when it is answered. */
const AT_ONCE = 2 * MINUTE

export function commandTask(graph: Graph, told: ReadonlySet<Fact>): Detection[] {
  const found: Detection[] = []
  for (const effect of graph.effects) {
    if (effect.what !== 'task-registered' || effect.detail.event !== 'created' || told.has(effect)) continue
    const host = graph.hostNamed(effect.host, effect.time)
    const command = effect.detail.Command ?? ''
    if (!host || !(OUTPUT_FETCHED.test(command) || contentHints({ commandLine: command }).length)) continue
    const deleted = between(graph.effects, effect.time, effect.time + AT_ONCE).find(
      (one) => one.what === 'task-deleted' && one.name === effect.name && graph.hostNamed(one.host, one.time) === host,
    )
    if (deleted) found.push(describe(graph, host, effect, deleted, command))
  }
  return found
}

function describe(graph: Graph, host: HostNode, effect: Effect, deleted: Effect, command: string): Detection {
  const name = short(effect.name, 40)
  const result = detection('AN1357/command-task', `The task ${name} ran a command and was deleted`, host, effect.time)
  result.until = deleted.time
  const seconds = Math.round((deleted.time - effect.time) / SECOND)
  const who = accountName(graph.account(effect.account ?? {})) || 'An account that was not recorded'
  result.reasons.push(
    {
      support: 'content',
      weight: 20,
      text: `${who} registered the task ${name} to run a command${OUTPUT_FETCHED.test(command) ? ' whose output goes into a file' : ''}: ${short(command)}`,
      facts: [effect],
    },
    {
      support: 'after',
      weight: 18,
      text: `It was deleted ${seconds ? `${seconds} s later` : 'at once'}: it was to run once, for whoever waited.`,
      facts: [deleted],
    },
  )
  const leaf = effect.name.slice(effect.name.lastIndexOf('\\') + 1)
  const isOutputs = leaf.length > 3 && command.toLowerCase().includes(`\\${leaf.toLowerCase()}.`)
  if (looksRandom(leaf) || isOutputs)
    result.reasons.push({
      support: 'rarity',
      weight: 14,
      text: isOutputs
        ? `The file with the output carries the task’s name, ${leaf}.`
        : `Its name, ${name}, looks made by a machine.`,
      facts: [effect],
    })
  const session = graph.sessionOf(host, effect.account?.logonId)
  if (session) result.sessions.push(session)
  const [from] = remoteLogon(graph, result, effect.time - 2 * MINUTE, effect.time + SECOND)
  if (from?.address)
    result.remotes.push({
      address: from.address,
      port: from.port,
      protocol: 'tcp',
      direction: 'inbound',
      facts: from.facts.slice(0, 2),
    })
  else
    result.gaps.push({
      text: 'From which machine the task was registered was not recorded.',
      wouldShow: 'Security events 4624 and 5145 (IPC$, atsvc); Sysmon event 18.',
    })
  result.channels.push({
    kind: 'rpc',
    host: host.name,
    name: 'ITaskSchedulerService',
    clients: from?.address ? [{ address: from.address }] : [],
    time: effect.time,
    facts: [effect],
  })
  result.techniques.push(
    { id: 'T1559', reason: 'The task scheduler is driven through RPC (ITaskSchedulerService).' },
    { id: 'T1053.005', reason: `The task ${name} existed to run a command.` },
  )
  result.assumptions.push(
    'Tasks are registered by calls to the task scheduler (RPC); that this call came over the network is not shown.',
  )
  return result
}
