// The six steps of the investigation, as far as this telemetry carries them: confirm, establish, collect, correlate, scope, preserve.
import type { Case, Reason, Step, StepName } from './case.ts'

export type StepsInput = Pick<
  Case,
  'reasons' | 'hosts' | 'accounts' | 'processes' | 'channels' | 'remotes' | 'gaps' | 'timeline' | 'confidence' | 'level'
> & {
  evidencePlaces: string[]
  /** which addresses are which hosts, and what says so */
  identities: { text: string; evidence: string[] }[]
  /** other hosts that the same caller or account touched, from the whole graph */
  reached: { text: string; evidence: string[] }[]
  /** the kinds of support found */
  kinds: Reason['support'][]
  unread: number
}

export function investigationSteps(input: StepsInput): Record<StepName, Step> {
  return {
    confirm: confirm(input),
    establish: establish(input),
    collect: collect(input),
    correlate: correlate(input),
    scope: scope(input),
    preserve: preserve(input),
  }
}

const evidenceOf = (facts: readonly { evidence: string[] }[]) => [...new Set(facts.flatMap((fact) => fact.evidence))]
const step = (status: Step['status'], text: string, facts: Step['facts']): Step => ({
  status,
  text,
  facts,
  evidence: evidenceOf(facts),
})
const name = (path: string) => path.split(/[\\/]/).at(-1) ?? path

function confirm({ reasons, kinds, confidence, level }: StepsInput): Step {
  const forIt = reasons.filter((reason) => reason.weight > 0)
  const against = reasons.filter((reason) => reason.weight < 0)
  const text = `${kinds.length} independent kinds of support (${kinds.join(', ')}) give ${confidence} of 100, level ${level}.${against.length ? ` ${against.length} reason${against.length === 1 ? ' speaks' : 's speak'} against.` : ''}${reasons.some((reason) => reason.support === 'baseline') ? '' : ' No baseline of this environment was given: rarity is measured within this telemetry only.'}`
  return step(
    kinds.length >= 4 ? 'done' : 'partial',
    text,
    [...forIt.slice(0, 6), ...against].map(({ text, evidence }) => ({ text, evidence })),
  )
}

function establish({ hosts, accounts, processes, channels }: StepsInput): Step {
  const facts = [
    ...channels.slice(0, 4).map((channel) => {
      const server = processes.find((one) => one.key === channel.server)
      const clients = channel.clients.map((client) =>
        'address' in client
          ? client.address
          : name(processes.find((one) => one.key === client.process)?.image ?? 'a process'),
      )
      return {
        text: `Channel ${channel.kind} ${channel.name} on ${channel.host}: served by ${server ? `${name(server.image)} (${server.pid ?? '?'})` : 'a process that was not recorded'}${clients.length ? `, used by ${clients.join(', ')}` : ''}.`,
        evidence: channel.evidence,
      }
    }),
    ...processes
      .filter((one) => one.commandLine && one.start)
      .slice(0, 4)
      .map((one) => ({
        text: `${name(one.image)} (${one.pid ?? '?'}) ran on ${one.host}${one.user ? ` as ${one.user}` : ''}: ${one.commandLine!.slice(0, 160)}`,
        evidence: one.evidence,
      })),
  ]
  const who = [...new Set(accounts.map((account) => account.name))]
  const text = `Hosts: ${hosts.map((host) => `${host.name} (${host.role})`).join(', ')}. Accounts: ${who.length ? who.join(', ') : 'none recorded'}. Channels: ${channels.length}. Processes: ${processes.length}.`
  return step(channels.some((channel) => channel.server && channel.clients.length) ? 'done' : 'partial', text, facts)
}

function collect({ gaps, evidencePlaces, timeline }: StepsInput): Step {
  const text = `${evidencePlaces.length} original records support this case; ${timeline.length} lines of timeline.${
    gaps.length
      ? ` ${gaps.length} thing${gaps.length === 1 ? ' is' : 's are'} missing from the telemetry: ${gaps
          .slice(0, 3)
          .map((gap) => gap.text)
          .join(' ')}`
      : ''
  }`
  return step(gaps.length ? 'partial' : 'done', text, [])
}

function correlate({ reasons, timeline, identities }: StepsInput): Step {
  const joined = reasons.filter(
    (reason) => ['lineage', 'adjacency', 'before', 'after', 'remote'].includes(reason.support) && reason.weight > 0,
  )
  const text = joined.length
    ? `${joined.length} links tie the records together, from ${timeline[0]?.time ?? '?'} to ${timeline.at(-1)?.time ?? '?'}.`
    : 'Nothing but the records of the channel themselves; no link to what came before or after.'
  return step(joined.length >= 2 ? 'done' : 'partial', text, [
    ...identities,
    ...joined.slice(0, 8).map(({ text, evidence }) => ({ text, evidence })),
  ])
}

function scope({ reached, hosts, remotes }: StepsInput): Step {
  const known = hosts.filter((host) => host.firstSeen).map((host) => host.name)
  const silent = [...new Set(remotes.map((remote) => remote.address))].filter(
    (address) => !hosts.some((host) => host.addresses.includes(address) && host.firstSeen),
  )
  const text = `Searched the telemetry of all hosts given. ${reached.length ? `The same caller, account or channel occurs elsewhere (${reached.length}).` : `Nothing of it occurs outside ${known.join(', ') || 'this host'}.`}${silent.length ? ` No telemetry of ${silent.slice(0, 4).join(', ')} was given: what happened there is unknown.` : ''}`
  return step(silent.length ? 'partial' : 'done', text, reached.slice(0, 10))
}

function preserve({ evidencePlaces, unread }: StepsInput): Step {
  const text = unread
    ? `${evidencePlaces.length - unread} of ${evidencePlaces.length} records were read again and hashed (SHA-256); ${unread} could not be read a second time.`
    : `All ${evidencePlaces.length} records were hashed (SHA-256) where they lie; export them as a bag before the logs roll over.`
  return { status: unread ? 'partial' : 'done', text, facts: [], evidence: evidencePlaces }
}
