// Rights of domain controllers used by a person's account: what DCSync, DCShadow and the theft of the domain's backup key leave in the domain controller's own log.
import type { Effect } from '../../facts/fact.ts'
import { type Graph, type HostNode, MINUTE } from '../../graph/graph.ts'
import { type AnalyticContext, type Detection, detection } from '../analytic.ts'
import { accountName, isFromElsewhere } from '../surroundings.ts'

interface Right {
  of: RegExp
  /** without one of these it is administration: the console for sites checks topologies, too */
  needs?: RegExp
  /** `… asked for a replica of the directory` */
  says: string
  technique: string
  /** the RPC interface behind it */
  channel: string
  why: string
}

/** [MS-DRSR] 4.1.10.2 (IDL_DRSGetNCChanges) and 4.1.1 (IDL_DRSAddEntry), [MS-LSAD] 3.1.4.6.6 (LsarRetrievePrivateData). */
const RIGHTS: readonly Right[] = [
  {
    of: /^DS-Replication-Get-Changes/,
    says: 'asked for a replica of the directory',
    technique: 'T1003.006',
    channel: 'drsuapi',
    why: 'Domain controllers replicate under their machine accounts; this is a person’s.',
  },
  {
    of: /^DS-(Install-Replica|Replication-Manage-Topology)$/,
    needs: /^DS-Install-Replica$/,
    says: 'set up a replica of the directory',
    technique: 'T1207',
    channel: 'drsuapi',
    why: 'Who uses these rights without promoting a server makes a machine pass for a domain controller.',
  },
  {
    of: /^G\$BCKUPKEY_/i,
    says: 'read the domain’s backup key',
    technique: 'T1003.004',
    channel: 'lsarpc',
    why: 'Only the domain controller itself needs this secret: it opens every DPAPI key of the domain.',
  },
]

/** Accounts of the machines themselves, and those that synchronise directories (Microsoft Entra Connect's MSOL_ and AAD_). */
const isExpected = (name: string): boolean => name.endsWith('$') || /^(MSOL_|AAD_|system$)/i.test(name)

export function directoryRights({ graph }: AnalyticContext): Detection[] {
  const stories = new Map<string, Effect[]>()
  for (const effect of graph.effects) {
    const name = effect.account?.name
    const right = effect.what === 'directory-access' ? RIGHTS.findIndex(({ of }) => of.test(effect.name)) : -1
    const host = right < 0 || !name || isExpected(name) ? undefined : graph.hostNamed(effect.host, effect.time)
    if (!host) continue
    const key = `${host.name}|${name}|${right}`.toLowerCase()
    const list = stories.get(key)
    if (list) list.push(effect)
    else stories.set(key, [effect])
  }
  return [...stories.values()].flatMap((effects) =>
    inRuns(effects)
      .filter(isTelling)
      .map((run) => describe(graph, run)),
  )
}

function isTelling(run: readonly Effect[]): boolean {
  const needs = rightOf(run[0])?.needs
  return !needs || run.some((one) => needs.test(one.name))
}

const rightOf = (effect: Effect): Right | undefined => RIGHTS.find(({ of }) => of.test(effect.name))

/** A pause of a quarter of an hour begins another story. */
function inRuns(effects: readonly Effect[]): Effect[][] {
  const runs: Effect[][] = []
  for (const one of effects) {
    const last = runs.at(-1)
    if (last && one.time - last.at(-1)!.time <= 15 * MINUTE) last.push(one)
    else runs.push([one])
  }
  return runs
}

function describe(graph: Graph, effects: readonly Effect[]): Detection {
  const [first] = effects
  const right = rightOf(first)!
  const host = graph.hostNamed(first.host, first.time)!
  const who = accountName(graph.account(first.account ?? {}))
  const names = [...new Set(effects.map((one) => one.name))]
  const result = detection('AN1357/directory-rights', `${who} ${right.says}`, host, first.time)
  result.until = effects.at(-1)!.time
  result.reasons.push(
    {
      support: 'indicator',
      weight: 22,
      text: `${who} used ${names.slice(0, 4).join(', ')} on ${host.name}.`,
      facts: effects.slice(0, 8),
    },
    { support: 'rarity', weight: 14, text: right.why, facts: [first] },
  )
  if (names.some((name) => name === 'DS-Replication-Get-Changes-All'))
    result.reasons.push({
      support: 'content',
      weight: 8,
      text: 'DS-Replication-Get-Changes-All hands out the secrets of accounts, too.',
      facts: effects.filter((one) => one.name === 'DS-Replication-Get-Changes-All').slice(0, 3),
    })
  const address = callerOf(graph, result, host, effects)
  result.channels.push({
    kind: 'rpc',
    host: host.name,
    name: right.channel,
    clients: address ? [{ address }] : [],
    time: first.time,
    facts: effects.slice(0, 4),
  })
  result.techniques.push(
    { id: 'T1559', reason: `It is asked for over RPC (${right.channel}).` },
    { id: right.technique, reason: `${who} ${right.says}.` },
  )
  return result
}

/** The session in whose name the right was used tells where its owner is. */
function callerOf(graph: Graph, result: Detection, host: HostNode, effects: readonly Effect[]): string | undefined {
  const session = effects
    .map((one) => graph.sessionOf(host, one.account?.logonId))
    .find((one) => one !== undefined && isFromElsewhere(graph, one))
  if (!session?.address) {
    result.gaps.push({
      text: `From which machine it was asked for was not recorded.`,
      wouldShow: 'Security event 4624 of the domain controller; Zeek or a packet capture.',
    })
    return undefined
  }
  const { address, port } = session
  result.sessions.push(session)
  result.reasons.push({
    support: 'remote',
    weight: 16,
    text: `The session ${session.logonId} came over the network from ${address}${session.privileged ? ', with administrative privileges' : ''}.`,
    facts: session.facts.slice(0, 2),
  })
  result.remotes.push({ address, port, protocol: 'tcp', direction: 'inbound', facts: session.facts.slice(0, 1) })
  const source = graph.hostAt(address, session.start)
  if (source) result.others.push({ host: source, role: 'source' })
  return address
}
