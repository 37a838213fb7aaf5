// Facts in words, for timelines and evidence: what the event says, nothing more.
import type { Fact, ProcessRef } from '../facts/fact.ts'
import { accountText } from './words.ts'

const processText = (ref: ProcessRef | undefined) =>
  ref ? `${fileName(ref.image) || 'process'}${ref.pid === undefined ? '' : ` (${ref.pid})`}` : 'a process'
export const fileName = (path: string | undefined) => (path ? (path.split(/[\\/]/).at(-1) ?? path) : '')
const clip = (text: string, limit = 300) => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text)

/** Not every source knows the protocol. */
const slash = (protocol: string) => (protocol ? `/${protocol}` : '')

/** Who tells whose an address is. */
const TOLD_BY = {
  interface: "machine's own interfaces",
  lease: 'DHCP lease',
  kerberos: "machine's Kerberos ticket",
  dns: 'DNS answer',
}

/** One line for one fact. */
export function describeFact(fact: Fact, ruleTitle: (id: string) => string): string {
  switch (fact.kind) {
    case 'process-started':
      return `${processText(fact.parent)} started ${processText(fact.process)}${accountText(fact.user) ? ` as ${accountText(fact.user)}` : ''}: ${clip(fact.process.commandLine ?? fact.process.image ?? '')}`
    case 'process-ended':
      return `${processText(fact.process)} ended`
    case 'logon':
      return describeLogon(fact)
    case 'connection':
      return fact.direction === 'inbound'
        ? `${fact.remoteAddress}:${fact.remotePort} connected to ${processText(fact.process)} on port ${fact.localPort}${slash(fact.protocol)}`
        : `${processText(fact.process)} connected to ${fact.remoteAddress}:${fact.remotePort}${slash(fact.protocol)}${fact.remoteName ? ` (${fact.remoteName})` : ''}`
    case 'address-told':
      return `${TOLD_BY[fact.how]}: ${fact.address} is ${fact.name}`
    case 'account-told':
      return `account ${fact.account.uid} is ${fact.account.name}`
    case 'observation':
      return describeObservation(fact)
    case 'effect':
      return `${fact.what.replaceAll('-', ' ')}: ${clip(fact.name, 160)}${detailText(fact.detail)}${fact.actor ? ` (by ${processText(fact.actor)})` : ''}`
    case 'rule-hit':
      return `rule matched: ${ruleTitle(fact.rule)}`
  }
}

function describeLogon(fact: Extract<Fact, { kind: 'logon' }>): string {
  const who = accountText(fact.account) || 'an account'
  const from = fact.address
    ? ` from ${fact.address}${fact.port ? `:${fact.port}` : ''}`
    : fact.workstation
      ? ` from ${fact.workstation}`
      : ''
  const type =
    fact.logonType !== undefined ? ` (type ${fact.logonType})` : fact.service !== undefined ? ` (${fact.service})` : ''
  switch (fact.outcome) {
    case 'logon':
      return `${who} logged on${from}${type}`
    case 'explicit':
      return `${accountText(fact.by ?? {}) || 'somebody'} used the credentials of ${who}${fact.target ? ` towards ${fact.target}` : ''}${type}`
    case 'privileged':
      return `${who} was given administrative privileges`
    case 'failed':
      return `logon of ${who} failed${from}${type}`
    case 'logoff':
      return `${who} logged off${type}`
  }
}

function describeObservation(fact: Extract<Fact, { kind: 'observation' }>): string {
  const { channel, act, actor, peer } = fact
  const who = actor ? processText(actor) : accountText(fact.account ?? {}) || 'a client'
  const from = peer?.address ? ` from ${peer.address}${peer.port ? `:${peer.port}` : ''}` : ''
  const as = actor && fact.account?.name ? ` as ${accountText(fact.account)}` : ''
  const verb = {
    create: 'created',
    listen: 'listens on',
    connect: 'connected to',
    activate: 'activated',
    send: 'sent to',
    map: 'mapped',
    attach: 'attached to',
    configure: 'configured',
    refer: 'names',
  }[act]
  return `${who}${as} ${verb} ${channel.kind} ${clip(channel.name, 160)}${from}${detailText(fact.detail)}`
}

/** At most three details, the short ones. */
function detailText(detail: Record<string, string>): string {
  const shown = Object.entries(detail)
    .filter(([, value]) => value && value !== '-')
    .slice(0, 3)
    .map(([name, value]) => `${name}=${clip(value, 120)}`)
  return shown.length ? ` [${shown.join(', ')}]` : ''
}
