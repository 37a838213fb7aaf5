// Microsoft's auoms (OMS agent for Linux, Azure Monitor): one line a system call, already assembled and interpreted: `type=AUOMS_EXECVE audit(…): syscall=execve …`.
import type { FieldValue } from '@crosstalk/sigma'
import type { DecodedClass, NamedValue } from '../decoded-records.ts'

export interface AuomsRecord {
  readonly key: string
  readonly fields: readonly NamedValue[]
  readonly node: string
  parts(): DecodedClass
}

/** Values that hold anything, up to the name that follows them. */
const FREE = /(?:^| )(cmdline|proctitle)=(.*?)(?= (?:redactors|containerid|cmdline|proctitle)=|$)/g
const FIELD = /(?:^|\s)([A-Za-z_][\w]*)=("[^"]*"|\[[^\]]*\]|\S*)/g
/** more fields than that are left out */
const MAX_FIELDS = 500

/** The record's fields, and what it is; `text` is what stands behind `audit(…):`. */
export function readAuoms(type: string, text: string): AuomsRecord {
  const fields: NamedValue[] = []
  const rest = text.replace(FREE, (_, name: string, value: string) => {
    fields.push([name, unquoted(value)])
    return ''
  })
  for (const [, name, value] of rest.matchAll(FIELD)) {
    if (fields.length >= MAX_FIELDS) break
    fields.push([name, value.startsWith('[') ? listOf(value) : unquoted(value)])
  }
  const one = (name: string): string => String(fields.find(([own]) => own === name)?.[1] ?? '')
  const call = one('syscall')
  const starts = /^execve/.test(call) && one('success') === 'yes'
  return {
    key: `${type} ${starts}`,
    fields,
    node: one('node'),
    parts: () => ({
      channel: 'auditd',
      eventId: type,
      provider: 'auoms',
      logSources: [
        { product: 'linux', service: 'auditd' },
        ...(starts ? [{ product: 'linux', category: 'process_creation' }] : []),
      ],
      constants: new Map([['type', type]]),
      aliases: {
        Image: 'exe',
        CommandLine: 'cmdline',
        CurrentDirectory: 'cwd',
        User: 'user',
        ProcessId: 'pid',
        ParentProcessId: 'ppid',
        SYSCALL: 'syscall',
      },
    }),
  }
}

const unquoted = (value: string): string => (/^".*"$/s.test(value) ? value.slice(1, -1) : value)

function listOf(value: string): FieldValue {
  try {
    return JSON.parse(value) as FieldValue
  } catch {
    return value
  }
}
