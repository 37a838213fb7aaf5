// The two ends of a connection in Zeek's logs: who asked, and who answered.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { parseAddress, parsePort } from '../facts/address.ts'
import type { AccountRef } from '../facts/fact.ts'
import { field } from '../facts/field.ts'

export interface WireEnds {
  /** who asked, as an observation's peer */
  client: { address?: string; port?: number }
  /** the address that answered, '' when the log does not say */
  server: string
  /** whose session it is, where a capture shows that */
  account?: AccountRef
}

export function wireEnds(shape: SourceShape): (event: SourceEvent) => WireEnds {
  const address = field(shape, ['id.orig_h'], 64)
  const port = field(shape, ['id.orig_p'], 16)
  const server = field(shape, ['id.resp_h'], 64)
  const username = field(shape, ['username'])
  const domain = field(shape, ['domainname'])
  return (event) => {
    const name = username(event)
    return {
      client: { address: parseAddress(address(event)), port: parsePort(port(event)) },
      server: parseAddress(server(event)) ?? event.host,
      ...(name !== undefined && { account: { name, domain: domain(event) } }),
    }
  }
}
