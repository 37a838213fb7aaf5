// Connections to sshd as Red Hat's OpenSSH tells the audit system of them, with both ends (CRYPTO_SESSION; openssh-*-audit.patch: audit_kex).
import { parseAddress, parsePort } from './address.ts'
import type { FactExtractor } from './extractor.ts'
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
      const [remoteAddress, remotePort] = [parseAddress(address(event)), parsePort(port(event))]
      const [localAddress, ownPort] = [parseAddress(local(event)), parsePort(localPort(event))]
      if (!remoteAddress || !remotePort || !localAddress || !ownPort) return
      emit({
        kind: 'connection',
        ...factBase(event),
        process: { pid: parsePid(pid(event)), image: image(event) },
        user: {},
        protocol: 'tcp',
        direction: 'inbound',
        localAddress,
        localPort: ownPort,
        remoteAddress,
        remotePort,
      })
    }
  },
}
