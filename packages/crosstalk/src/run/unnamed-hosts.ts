// Hosts whose events do not name them (audit logs without `node=`), or call them localhost as every machine calls itself: told apart by where their files
// lie, for nothing says that two folders are of one machine.
import type { Fact } from '../facts/fact.ts'

const NAMES_OF_ALL = /^(?:localhost[46]?(?:\.localdomain[46]?)?|\(none\))?$/i
/** Where machines keep their logs: what lies there is of the machine whose root stands before it. */
const LOG_FOLDER =
  /(?:^|\/)(?:private\/)?var\/(?:log(?:\/(?:audit|journal(?:\/[0-9a-f]{32})?|osquery|falco|tetragon))?|audit)$|(?:^|\/)run\/log\/journal(?:\/[0-9a-f]{32})?$/i

/** What has a host: a fact, or events counted. */
type Hosted = Fact | { host: string; kind?: undefined }

export interface UnnamedHosts {
  /** Gives what an input tells a host that is no other folder's, where its own name is no name. */
  part(told: Hosted, input: string): void
  /** When everything is there: these hosts get names as short as tells them apart. */
  settle(all: () => readonly Hosted[]): void
}

export function unnamedHosts(): UnnamedHosts {
  const roots = new Map<string, string>()
  /** by root: what its host is called until all folders are known, and how its events call it */
  const parted = new Map<string, { name: string; written: string }>()
  return {
    part(told, input) {
      const { host } = told
      if (!NAMES_OF_ALL.test(host)) return
      let root = roots.get(input)
      if (root === undefined) roots.set(input, (root = rootOf(input)))
      let known = parted.get(root)
      if (!known) parted.set(root, (known = { name: `(in ${root})`, written: '' }))
      // Whatever one of its events calls it; of several the last by letters, so that the order of reading does not matter.
      if (host.toLowerCase() > known.written) known.written = host.toLowerCase()
      rename(told, host, known.name)
    },
    settle(all) {
      if (!parted.size) return
      const names = namesOf(parted)
      for (const told of all()) {
        const name = names.get(told.host)
        if (name !== undefined) rename(told, told.host, name)
      }
    },
  }
}

/** The host, and of what is observed the channel's, which is on it. */
function rename(told: Hosted, from: string, to: string): void {
  if (told.kind === 'observation' && told.channel.host === from && from !== '') told.channel.host = to
  told.host = to
}

/** The folder of a file, without what every machine has: `uac-1/var/log/audit/audit.log` lies in `uac-1`. */
function rootOf(input: string): string {
  const path = input.replaceAll('\\', '/').replaceAll('!', '/')
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))).replace(LOG_FOLDER, '')
}

/** `localhost` where there is one, `localhost (web1)` and `(no host name: web2)` where there are two. */
function namesOf(parted: ReadonlyMap<string, { name: string; written: string }>): Map<string, string> {
  const shared = sharedSegments([...parted.keys()].map((root) => root.split('/')))
  return new Map(
    [...parted].map(([root, { name, written }]) => {
      if (parted.size === 1) return [name, written || '(no host name)']
      const place = root.split('/').slice(shared).join('/').replaceAll(':', '') || root.split('/').at(-1) || 'outside'
      return [name, written ? `${written} (${place})` : `(no host name: ${place})`]
    }),
  )
}

function sharedSegments(paths: readonly (readonly string[])[]): number {
  let shared = 0
  while (paths.every((path) => shared < path.length && path[shared] === paths[0][shared])) shared++
  return shared
}
