// Logons as programs of Linux write them to syslog, in English whatever the machine's language is. Formats: OpenSSH (auth.c, auth_log; sshd-session.c, "Connection from"), Linux-PAM
// (modules/pam_unix/pam_unix_sess.c), util-linux and shadow (su), sudo (plugins/sudoers/logging.c), systemd (src/login/logind-session.c), shadow (src/useradd.c).
import type { SourceEvent } from '../events/event.ts'
import { parseLogonId, parseUnixId } from './account-ref.ts'
import { parseAddress, parsePort } from './address.ts'
import type { FactExtractor } from './extractor.ts'
import type { AccountRef, Fact, Logon } from './fact.ts'
import { factBase, field } from './field.ts'
import { baseName, parsePid } from './process-ref.ts'
import { connectionToServer } from './ssh-connection.ts'

type Groups = Readonly<Record<string, string | undefined>>
interface Line {
  readonly programs: RegExp
  readonly pattern: RegExp
  tell(found: Groups, told: Told): Fact[]
}
/** What is said of a line whatever stands in it. */
interface Told {
  readonly base: ReturnType<typeof factBase>
  readonly service: string
  readonly process: { pid?: number; image?: string }
}

/** Longer lines are no messages of these programs. */
const MAX_LINE = 2_000
const SSHD = /^sshd(?:-session|-auth)?$/
/** A name may hold blanks: who asks chooses it. So the end of the line is looked for, where sshd writes. */
const NAMED_FROM = String.raw`(?<name>.*) from (?<address>\S+) port (?<port>\d{1,5})`

const logon = (outcome: Logon['outcome'], account: AccountRef, told: Told, more: Partial<Logon> = {}): Logon => ({
  kind: 'logon',
  ...told.base,
  outcome,
  account,
  service: told.service,
  ...(told.process.pid !== undefined && { process: told.process }),
  ...more,
})

const from = ({ address, port }: Groups): Partial<Logon> => ({ address: parseAddress(address), port: parsePort(port) })

const LINES: readonly Line[] = [
  {
    programs: SSHD,
    pattern: new RegExp(
      String.raw`^(?<result>Accepted|Failed) [\w./-]{1,80} for (?<invalid>invalid user )?${NAMED_FROM} ssh2(?:: .*)?$`,
    ),
    tell: (found, told) => [
      logon(found.result === 'Accepted' ? 'logon' : 'failed', { name: found.name }, told, from(found)),
    ],
  },
  {
    programs: SSHD,
    pattern: new RegExp(`^Invalid user ${NAMED_FROM}$`),
    tell: (found, told) => [logon('failed', { name: found.name }, told, from(found))],
  },
  {
    programs: SSHD,
    pattern:
      /^Connection from (?<address>\S+) port (?<port>\d{1,5}) on (?<local>\S+) port (?<localPort>\d{1,5})(?: |$)/,
    tell: (found, told) => connected(found, told),
  },
  {
    // The service is PAM's: sshd, su, sudo, cron, login … Before Linux-PAM 1.4 without the first number.
    programs: /./,
    pattern:
      /^pam_unix\((?<service>[\w.-]{1,40}):session\): session opened for user (?<name>[^\s(]+)(?:\(uid=(?<uid>\d+)\))? by (?<by>[^\s(]*)\(uid=(?<byUid>\d+)\)$/,
    tell: (found, told) => [
      ...accountTold(found.name, found.uid, told),
      ...accountTold(found.by || undefined, found.byUid, told),
      ...switched(found.name, found.by || undefined, found.byUid, { ...told, service: found.service! }),
    ],
  },
  {
    programs: /^sudo$/,
    pattern: /^\s*(?<by>[^\s:]+) : (?:(?<refused>[^;]+) ; )?TTY=.* ; USER=(?<name>[^\s;]+) ; /,
    tell: (found, told) =>
      found.refused
        ? [logon('failed', { name: found.name }, told, { by: { name: found.by } })]
        : switched(found.name, found.by, undefined, told),
  },
  {
    programs: /^su$/,
    pattern: /^(?<refused>FAILED SU )?\(to (?<name>[^\s)]+)\) (?<by>\S+) on \S+$/,
    tell: (found, told) =>
      found.refused
        ? [logon('failed', { name: found.name }, told, { by: { name: found.by } })]
        : switched(found.name, found.by, undefined, told),
  },
  {
    programs: /^su$/,
    pattern: /^(?<result>Successful|FAILED) su for (?<name>\S+) by (?<by>\S+)$/,
    tell: (found, told) =>
      found.result === 'FAILED'
        ? [logon('failed', { name: found.name }, told, { by: { name: found.by } })]
        : switched(found.name, found.by, undefined, told),
  },
  {
    // A number is the audit session's ("Keep our session IDs and the audit session IDs in sync", src/login/logind-dbus.c); others begin with a letter.
    programs: /^systemd-logind$/,
    pattern: /^New session '?(?<session>\d{1,10})'? of user '?(?<name>[^\s']+?)'?(?:\.| with class )/,
    tell: (found, told) => [
      logon('logon', { name: found.name, logonId: parseLogonId(parseUnixId(found.session)) }, told),
    ],
  },
  {
    programs: /^systemd-logind$/,
    pattern: /^Removed session (?<session>\d{1,10})\.$/,
    tell: (found, told) => [logon('logoff', { logonId: parseLogonId(parseUnixId(found.session)) }, told)],
  },
  {
    programs: /^useradd$/,
    pattern: /^new user: name=(?<name>[^,\s]+), UID=(?<uid>\d+), /,
    tell: (found, told) => accountTold(found.name, found.uid, told),
  },
]

/** su and sudo give a process another account and open no session of their own. */
function switched(name: string | undefined, by: string | undefined, byUid: string | undefined, told: Told): Logon[] {
  if (!/^(?:su|su-l|sudo|sudo-i|doas|runuser|pkexec)$/.test(told.service) || name === by) return []
  const uid = parseUnixId(byUid)
  return [logon('explicit', { name }, told, { by: { ...(by && { name: by }), ...(uid !== undefined && { uid }) } })]
}

function accountTold(name: string | undefined, uid: string | undefined, told: Told): Fact[] {
  const number = parseUnixId(uid)
  return name && number !== undefined ? [{ kind: 'account-told', ...told.base, account: { name, uid: number } }] : []
}

/** With `LogLevel VERBOSE` sshd tells of both ends before it knows who comes. */
function connected(ends: Groups, told: Told): Fact[] {
  return connectionToServer(ends, told.process, told.base)
}

export const syslogLogon: FactExtractor = {
  name: 'syslog-logon',
  bind(shape) {
    if (!shape.is({ product: 'linux', service: 'auth' }) && !shape.is({ product: 'linux', service: 'cron' }))
      return undefined
    const message = field(shape, ['message'], MAX_LINE + 1)
    const written = field(shape, ['program'], 256)
    const pid = field(shape, ['pid'], 32)
    return (event: SourceEvent, emit) => {
      const whole = message(event)
      if (whole === undefined || whole.length > MAX_LINE) return
      // rsyslog tells what came again and again once ($RepeatedMsgReduction).
      const text = /^message repeated \d+ times: \[ (.*)\]$/.exec(whole)?.[1] ?? whole
      const program = baseName(written(event)).replace(/^\(|\)$/g, '')
      for (const line of LINES) {
        if (!line.programs.test(program)) continue
        const found = line.pattern.exec(text)?.groups
        if (!found) continue
        const process = { pid: parsePid(pid(event)), image: program }
        for (const fact of line.tell(found, { base: factBase(event), service: program, process })) emit(fact)
        return
      }
    }
  },
}
