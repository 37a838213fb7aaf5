// How ausearch would write a field that we have read: its words for what we interpret too; `isOpen` where only ausearch puts a number into words.

export interface Spelling {
  readonly name: string
  /** undefined: we have no value of it */
  readonly ours: string | undefined
  readonly isOpen: boolean
}

/** Control characters as `ausearch` escapes them for a terminal (auparse/auparse.c, tty_escape: below 32, in octal). */
export const escaped = (text: string): string =>
  text.replace(/[\u0000-\u001f]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)

/** Fields whose numbers we keep (auparse/typetab.h): flags, modes, ids of who is not in the log itself, results. */
const OPEN =
  /^(?:a[0-3]|exit|mode|oflag|flags|list|res|result|perm|o?[ug]id|[esf]s?[ug]id|o?auid|old-auid|i?ses|oses|cap_f[pei]|cap_p[eipa]|old_p[peia]|p[peia]|fp|fi|fe|fver|per|qbytes|sig|op|arch|format|audit_enabled|audit_backlog_limit|mq_flags)$/

/** What auditd adds where it enriches: the words for the field of that name in small letters. */
const ENRICHED = /^(?:ARCH|SYSCALL|SADDR|[A-Z-]*[UG]ID)$/
/** What we derive of `saddr`. */
const DERIVED = new Set(['saddr_fam', 'path', 'laddr', 'lport'])
/** Addresses that we only name the family of. */
const FAMILIES_IN_WORDS = new Set(['netlink', 'ax25', 'ipx', 'x25'])

export function spellings(type: string, fields: Readonly<Record<string, string>>): Spelling[] {
  const spelled: Spelling[] = []
  for (const [key, value] of Object.entries(fields)) {
    const name = key.replace(/#\d+$/, '')
    if (ENRICHED.test(name) || (type === 'SOCKADDR' && DERIVED.has(name))) continue
    spelled.push({ name, ours: ourWords(type, name, value, fields), isOpen: isOpen(type, name, fields) })
  }
  return spelled
}

function isOpen(type: string, name: string, fields: Readonly<Record<string, string>>): boolean {
  if (type === 'EXECVE') return false
  if (name === 'syscall') return fields.SYSCALL === 'socketcall' || fields.SYSCALL === 'ipc'
  if (name === 'saddr') return FAMILIES_IN_WORDS.has(fields.saddr_fam)
  return OPEN.test(name)
}

function ourWords(
  type: string,
  name: string,
  value: string,
  fields: Readonly<Record<string, string>>,
): string | undefined {
  if (type === 'EXECVE') return escaped(value)
  if (name === 'syscall') return fields.SYSCALL ?? value
  if (name === 'saddr') return socketAddress(fields)
  if (name === 'key') return escaped(value).replaceAll(',', ' key=')
  const enriched = /^(?:arch|[a-z-]*[ug]id)$/.test(name) ? fields[name.toUpperCase()] : undefined
  return escaped(enriched ?? value)
}

function socketAddress({
  SADDR,
  saddr,
  saddr_fam,
  path,
  laddr,
  lport,
}: Readonly<Record<string, string>>): string | undefined {
  if (saddr_fam === undefined) return undefined
  // The words of enrichment are printed as they stand, unless a line feed in a name cut them off.
  const write = SADDR?.endsWith('}') ? String : escaped
  if (laddr !== undefined) return `{ saddr_fam=${saddr_fam} laddr=${laddr} lport=${lport} }`
  if (saddr_fam === 'local' && path !== undefined)
    return `{ saddr_fam=local path=${write(path.startsWith('@') ? abstractName(path, saddr) : path)} }`
  if (saddr_fam === 'inet6') return '{ saddr_fam=inet6 sockaddr6 len too short }'
  if (saddr_fam === 'local' || saddr_fam === 'inet') return `{ saddr_fam=${saddr_fam} sockaddr len too short }`
  return /^(?:\d+|unspec)$/.test(saddr_fam)
    ? `unknown-family(${saddr_fam === 'unspec' ? 0 : saddr_fam})`
    : `{ saddr_fam=${saddr_fam} (unsupported) }`
}

/** ausearch writes an abstract name as if it were a path, and no further than a NUL in it; we put an @ before it and for each NUL. */
export function abstractName(path: string, saddr: string): string {
  const inner = Buffer.from(saddr, 'hex').indexOf(0, 3) - 3
  const name = Buffer.from(path.slice(1))
  return name.subarray(0, inner < 0 ? name.length : inner).toString('utf8')
}
