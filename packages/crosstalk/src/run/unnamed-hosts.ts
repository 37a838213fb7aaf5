// Hosts whose events do not name them (audit logs without `node=`), or call them localhost as every machine calls itself: told apart by where their files
// lie, for nothing says that two folders are of one machine.
import type { Fact } from '../facts/fact.ts'

const NAMES_OF_ALL = /^(?:localhost[46]?(?:\.localdomain[46]?)?|\(none\))?$/i
/** Where machines keep their logs: what lies there is of the machine whose root stands before it. */
const LOG_FOLDER =
  /(?:^|\/)(?:private\/)?var\/(?:log(?:\/(?:audit|journal(?:\/[0-9a-f]{32})?|osquery|falco|tetragon))?|audit)$|(?:^|\/)run\/log\/journal(?:\/[0-9a-f]{32})?$/i

export interface UnnamedHosts {
  /** Gives a fact of this input a host that is no other folder's, where its own name is no name. */
  part(fact: Fact, input: string): void
  /** When all facts are there: these hosts get names as short as tells them apart. */
  settle(facts: () => readonly Fact[]): void
}

export function unnamedHosts(): UnnamedHosts {
  const roots = new Map<string, string>()
  /** what a fact's host is called until all folders are known → what it was called, and its root */
  const parted = new Map<string, { written: string; root: string }>()
  return {
    part(fact, input) {
      if (!NAMES_OF_ALL.test(fact.host)) return
      let root = roots.get(input)
      if (root === undefined) roots.set(input, (root = rootOf(input)))
      const written = fact.host
      const name = `(${written.toLowerCase()} in ${root})`
      if (!parted.has(name)) parted.set(name, { written: written.toLowerCase(), root })
      rename(fact, written, name)
    },
    settle(facts) {
      if (!parted.size) return
      const names = namesOf(parted)
      for (const fact of facts()) {
        const name = names.get(fact.host)
        if (name !== undefined) rename(fact, fact.host, name)
      }
    },
  }
}

/** The host, and of what is observed the channel's, which is on it. */
function rename(fact: Fact, from: string, to: string): void {
  if (fact.kind === 'observation' && fact.channel.host === from && from !== '') fact.channel.host = to
  fact.host = to
}

/** The folder of a file, without what every machine has: `uac-1/var/log/audit/audit.log` lies in `uac-1`. */
function rootOf(input: string): string {
  const path = input.replaceAll('\\', '/').replaceAll('!', '/')
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))).replace(LOG_FOLDER, '')
}

/** `localhost` where there is one, `localhost (web1)` and `localhost (web2)` where there are two. */
function namesOf(parted: ReadonlyMap<string, { written: string; root: string }>): Map<string, string> {
  const names = new Map<string, string>()
  const byName = new Map<string, [name: string, root: string][]>()
  for (const [name, { written, root }] of parted) byName.set(written, [...(byName.get(written) ?? []), [name, root]])
  for (const [written, hosts] of byName) {
    const shared = sharedSegments(hosts.map(([, root]) => root.split('/')))
    for (const [name, root] of hosts) {
      const place = root.split('/').slice(shared).join('/').replaceAll(':', '') || root.split('/').at(-1)
      const plain = written || '(no host name)'
      names.set(name, hosts.length === 1 ? plain : written ? `${written} (${place})` : `(no host name: ${place})`)
    }
  }
  return names
}

function sharedSegments(paths: readonly (readonly string[])[]): number {
  let shared = 0
  while (paths.every((path) => shared < path.length && path[shared] === paths[0][shared])) shared++
  return shared
}
