// Connections and the names that are asked for.
import { typed } from '@crosstalk/evtx'
import { add, type Process, ref } from './machine.ts'
import { nameOf } from './people.ts'

export interface Peer {
  address: string
  port: number
  name?: string
}

/** A connection that the process opens (Sysmon 3). Returns the port it came from. */
export function connect(
  time: number,
  process: Process,
  to: Peer,
  from = process.machine.chance.between(49700, 60900),
): number {
  const here = { address: process.machine.address, port: from, name: process.machine.fqdn }
  connection(time, process, true, here, to)
  return from
}

/** A connection that the process takes on `port` (Sysmon 3): the other end is the source. */
export function accept(time: number, process: Process, from: Peer, port: number): void {
  connection(time, process, false, from, { address: process.machine.address, port, name: process.machine.fqdn })
}

function connection(time: number, process: Process, initiated: boolean, from: Peer, to: Peer): void {
  add(process, time, 3, [
    ...ref(process),
    ['User', nameOf(process.session.account)],
    ['Protocol', 'tcp'],
    ['Initiated', initiated],
    ['SourceIsIpv6', false],
    ['SourceIp', from.address],
    ['SourceHostname', from.name ?? '-'],
    ['SourcePort', typed('uint16', from.port)],
    ['SourcePortName', '-'],
    ['DestinationIsIpv6', false],
    ['DestinationIp', to.address],
    ['DestinationHostname', to.name ?? '-'],
    ['DestinationPort', typed('uint16', to.port)],
    ['DestinationPortName', to.port === 135 ? 'epmap' : to.port === 443 ? 'https' : '-'],
  ])
}

/** Sysmon 22. */
export function resolve(time: number, process: Process, name: string, address: string): void {
  const { guid, pid, image, session: own } = process
  add(process, time, 22, [
    ['ProcessGuid', typed('guid', guid)],
    ['ProcessId', typed('uint32', pid)],
    ['QueryName', name],
    ['QueryStatus', '0'],
    ['QueryResults', `::ffff:${address};`],
    ['Image', image],
    ['User', nameOf(own.account)],
  ])
}
