// The names of machines: `WS6`, `ws6` and `ws6.corp.example` are one, `ws6.a.test` and `ws6.b.test` are two.

/** Whether a machine is called by its address, as those are that only the network tells of. */
export const isAddress = (name: string) => /^\d+\.\d+\.\d+\.\d+$/.test(name) || name.includes(':')

/** NetBIOS keeps this many characters of a name ("Naming conventions in Active Directory", Microsoft: the sixteenth is the suffix). */
const NETBIOS_LENGTH = 15

/** First label and the rest, upper case; the root's dot is no part of a name. What was named by its folder (run/unnamed-hosts.ts) stays as it is. */
function parts(spelling: string): [label: string, domain: string] {
  if (spelling.endsWith(')')) return [spelling, '']
  const upper = spelling.toUpperCase().replace(/(?<=.)\.$/, '')
  const dot = upper.indexOf('.')
  return dot < 0 ? [upper, ''] : [upper.slice(0, dot), upper.slice(dot + 1)]
}

/**
 * The key of any name, from the names under which telemetry comes: first label, upper case; the full name where two machines share a first label, or
 * where the name is of another domain than the machine's. What NetBIOS cut is the one longer name that begins so. Addresses stay.
 */
export function hostKeys(spellings: Iterable<string>): (name: string) => string {
  const domains = new Map<string, Set<string>>()
  for (const spelling of spellings) {
    if (isAddress(spelling)) continue
    const [label, domain] = parts(spelling)
    if (!domains.has(label)) domains.set(label, new Set())
    if (domain) domains.get(label)!.add(domain)
  }
  const long = longNames(domains.keys())
  const keys = new Map<string, string>()
  return (name) => {
    let key = keys.get(name)
    if (key === undefined) keys.set(name, (key = isAddress(name) ? name : keyOf(name, domains, long)))
    return key
  }
}

function keyOf(
  spelling: string,
  domains: ReadonlyMap<string, ReadonlySet<string>>,
  long: ReadonlyMap<string, readonly string[]>,
): string {
  const [label, domain] = parts(spelling)
  const whole = domain === '' && label.length === NETBIOS_LENGTH ? (long.get(label) ?? []) : []
  const name = whole.length === 1 ? whole[0] : label
  const known = domains.get(name)
  if (!domain || !known?.size || (known.size === 1 && known.has(domain))) return name
  return `${name}.${domain}`
}

/** What NetBIOS leaves of names that are too long for it → these names. */
function longNames(labels: Iterable<string>): Map<string, string[]> {
  const long = new Map<string, string[]>()
  for (const label of labels) {
    if (label.length <= NETBIOS_LENGTH) continue
    const cut = label.slice(0, NETBIOS_LENGTH)
    long.set(cut, [...(long.get(cut) ?? []), label])
  }
  return long
}
