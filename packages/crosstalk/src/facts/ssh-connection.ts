// Connections to sshd as Red Hat's OpenSSH tells the audit system of them, with both ends (CRYPTO_SESSION; openssh-*-audit.patch: audit_kex).
import { parseAddress, parsePort } from './address.ts'
import type { FactExtractor } from './extractor.ts'
import type { Connection, ProcessRef } from './fact.ts'
import { factBase, field } from './field.ts'
import { parsePid } from './process-ref.ts'

export const sshConnection: FactExtractor = {
  name: 'ssh-connection',
  bind(shape) {
    if (!shape.is({ product: 'linux', service: 'auditd' }) || shape.constant('type') !== 'CRYPTO_SESSION')
      return undefined
    const operation = field(shape, ['op'], 32)
    // The two directions of one connection have a record each.
    const direction = field(shape, ['direction'], 32)
    const [address, port] = [field(shape, ['addr'], 64), field(shape, ['rport'], 16)]
    const [local, localPort] = [field(shape, ['laddr'], 64), field(shape, ['lport'], 16)]
    const pid = field(shape, ['pid'], 32)
    const image = field(shape, ['exe'])
    return (event, emit) => {
      if (operation(event) !== 'start' || direction(event) !== 'from-server') return
      const ends = { address: address(event), port: port(event), local: local(event), localPort: localPort(event) }
      const process = { pid: parsePid(pid(event)), image: image(event) }
      for (const fact of connectionToServer(ends, process, factBase(event))) emit(fact)
    }
  },
}

/** Ends as the server writes them. */
interface Ends {
  readonly address?: string
  readonly port?: string
  readonly local?: string
  readonly localPort?: string
}

/** A client's connection to sshd; none where an end is missing or no address. */
export function connectionToServer(ends: Ends, process: ProcessRef, base: ReturnType<typeof factBase>): Connection[] {
  const [remoteAddress, remotePort] = [parseAddress(ends.address), parsePort(ends.port)]
  const [localAddress, localPort] = [parseAddress(ends.local), parsePort(ends.localPort)]
  if (!remoteAddress || !remotePort || !localAddress || !localPort) return []
  const by = { process, user: {}, protocol: 'tcp', direction: 'inbound' } as const
  return [{ kind: 'connection', ...base, ...by, localAddress, localPort, remoteAddress, remotePort }]
}
