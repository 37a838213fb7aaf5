// What lies around a process of Linux or macOS that used a channel by hand: a shell that is bridged, a server that it descends from, network tools beside it.
import { ancestors, descendants, imageName, MINUTE, type ProcessNode } from '../graph/graph.ts'
import type { Detection } from './analytic.ts'
import { isInterpreter, isUserWritable } from './command-content.ts'
import { nameOf, short, startedFact } from './surroundings.ts'

/** Programs that serve the network: a shell below them is somebody else's. */
const SERVER =
  /^(nginx|apache2|httpd|php-fpm[\d.]*|php-cgi|java|node|tomcat\d*|postgres|mysqld|redis-server|gunicorn|uwsgi|named|smbd|vsftpd|proftpd)$/
/** The nearest ancestor that serves the network. */
export const servesNetwork = (process: ProcessNode): ProcessNode | undefined =>
  ancestors(process, 6).find((one) => SERVER.test(imageName(one.image)))

/** What a hand-made shell over a channel looks like. */
const SHELL_BRIDGE =
  /(\|\s*(\/bin\/)?(ba|da|z|k)?sh\b.*\|\s*n(c|cat|etcat)\b)|n(c|cat|etcat)\s.*-e\s|\/dev\/(tcp|udp)\/|\bsh\s+-i\b|socat\b.*\bexec:|privileged|chroot\s+\/|--pid=host|-v\s+\/:\//i

/** The command, or its parent's, ties a shell to something else. */
export function bridge(process: ProcessNode, result: Detection): void {
  const telling = [process, process.parent].find((one) => one && SHELL_BRIDGE.test(one.commandLine ?? ''))
  if (telling)
    result.reasons.push({
      support: 'content',
      weight: 24,
      text: `A shell is bridged to something else in one command: ${short(telling.commandLine ?? '')}`,
      facts: startedFact(telling).length ? startedFact(telling) : startedFact(process),
    })
}

/** The server that it descends from, else a program of its line that lies where everybody can write. */
export function lineage(process: ProcessNode, result: Detection): void {
  const server = servesNetwork(process)
  if (server) {
    result.processes.push(server)
    result.reasons.push({
      support: 'lineage',
      weight: 22,
      text: `It descends from ${nameOf(server)}, which serves the network.`,
      facts: startedFact(process),
    })
    return
  }
  const odd = [process, ...ancestors(process, 4)].find((one) => isUserWritable(one.image))
  if (odd)
    result.reasons.push({
      support: 'lineage',
      weight: 16,
      text: `${odd.image} lies where everybody can write.`,
      facts: startedFact(odd).length ? startedFact(odd) : startedFact(process),
    })
}

/** Network tools and connections of the same shell, within a minute. */
export function neighbours(process: ProcessNode, result: Detection): void {
  const shell = process.parent && isInterpreter(process.parent) ? process.parent : process
  const beside = descendants(shell, 60).filter(
    (one) =>
      one !== process &&
      Math.abs(one.start - result.time) < MINUTE &&
      /^(nc|ncat|netcat|socat|curl|wget|telnet|openssl)(\.\w+)?$/.test(imageName(one.image)),
  )
  if (!beside.length) return
  result.processes.push(...beside)
  result.reasons.push({
    support: 'adjacency',
    weight: 14,
    text: `The same shell ran ${[...new Set(beside.map(nameOf))].join(', ')} beside it: ${short(beside[0].commandLine ?? '')}`,
    facts: beside.flatMap(startedFact).slice(0, 4),
  })
}
