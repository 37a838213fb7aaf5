// Which of Sigma's services of Linux a line of syslog is, by the program that wrote it and the facility it went to.
import type { LogSource } from '@crosstalk/sigma'

/** Programs, in lower case, and their services (Sigma specification, appendix taxonomy; SigmaHQ's rules for Linux). */
const SERVICES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['sshd', ['sshd', 'auth']],
  ['sshd-session', ['sshd', 'auth']],
  ['sudo', ['sudo', 'auth']],
  ['su', ['auth']],
  ['login', ['auth']],
  ['systemd-logind', ['auth']],
  ['polkitd', ['auth']],
  ['pkexec', ['auth']],
  ['useradd', ['auth']],
  ['usermod', ['auth']],
  ['userdel', ['auth']],
  ['groupadd', ['auth']],
  ['passwd', ['auth']],
  ['chpasswd', ['auth']],
  ['cron', ['cron']],
  ['crond', ['cron']],
  ['crontab', ['cron']],
  ['anacron', ['cron']],
  ['vsftpd', ['vsftpd']],
  ['clamd', ['clamav']],
  ['clamscan', ['clamav']],
  ['freshclam', ['clamav']],
  ['guacd', ['guacamole']],
  ['modsecurity', ['modsecurity']],
])

/** Facilities auth and authpriv (RFC 5424, table 1), cron. */
const FACILITIES: Readonly<Record<number, string>> = { 4: 'auth', 10: 'auth', 9: 'cron' }

/** The services, each once; every line is `syslog` too. */
export function servicesOf(program: string, facility: number): readonly string[] {
  const name = program
    .toLowerCase()
    .replace(/^\(|\)$/g, '')
    .replace(/^.*\//, '')
  const services = new Set(SERVICES.get(name) ?? [])
  const byFacility = FACILITIES[facility]
  if (byFacility) services.add(byFacility)
  services.add('syslog')
  return [...services]
}

export const logSourcesOf = (services: readonly string[]): readonly LogSource[] =>
  services.map((service) => ({ product: 'linux', service }))
