// Message queues, shared memory and semaphores are opened by key or name and used by the number that the kernel gave for it: an id of the host (System V) or a descriptor of the
// process (POSIX queues). What was opened and what was used become one channel here.
import type { Fact, Observation } from '../facts/fact.ts'
import type { HostNode } from './graph.ts'
import type { Hosts } from './hosts.ts'

/** More that are open at once than any host has (kernel.msgmni and kin are 32,000). */
const MAX_OPEN = 200_000
const PRIVATE = 'key 0x0'

/** `facts` in the order of time. Observations on a number get the name that it was opened by, where that was seen; the number stays in their details. */
export function nameKernelObjects(facts: readonly Fact[], hosts: Hosts): void {
  const opened = new Map<string, string>()
  for (const fact of facts) {
    if (fact.kind !== 'observation' || fact.detail.call === undefined) continue
    const host = hosts.of(fact)
    const number = openedNumber(fact)
    if (number !== undefined) {
      const key = numberKey(host, fact, number)
      // IPC_PRIVATE is no key: each is an object of its own, which others reach by its id.
      if (fact.channel.name === PRIVATE) fact.channel.name = `id 0x${Number(number).toString(16)}`
      else if (opened.size < MAX_OPEN) opened.set(key, fact.channel.name)
      if (fact.channel.name.startsWith('id ')) opened.delete(key)
    }
    const used = /^(?:id 0x([0-9a-f]{1,8})|descriptor (\d{1,9}))$/.exec(fact.channel.name)
    if (!used || fact.act === 'create') continue
    const written = used[1] !== undefined ? String(Number.parseInt(used[1], 16)) : used[2]
    const name = opened.get(numberKey(host, fact, written))
    if (name !== undefined) fact.channel.name = name
  }
}

/** The number that a call which opens gave. */
function openedNumber({ channel, detail }: Observation): string | undefined {
  if (detail.Success === 'no' || !/^\d{1,10}$/.test(detail.Exit ?? '')) return undefined
  if (/^(?:msg|shm|sem)get$/.test(detail.call)) return detail.Exit
  return detail.call === 'mq_open' || (channel.kind === 'message-queue' && /^open/.test(detail.call))
    ? detail.Exit
    : undefined
}

/** Ids are one list a kind and host; descriptors are the process's. */
function numberKey(host: HostNode, { channel, actor, detail }: Observation, number: string): string {
  const isDescriptor = /^(?:mq_|open)/.test(detail.call)
  return `${host.name}|${channel.kind}|${isDescriptor ? `${actor?.pid ?? '?'}|` : ''}${number}`
}
