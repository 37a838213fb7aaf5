// What is missing as files ready to deploy, scoped to communication between processes so that volume stays low. Nothing is run; every line says what it feeds.
import type { CoverageReport, SourceCoverage } from './assess.ts'
import { REQUIREMENTS } from './patterns.ts'
import type { Expected } from './volume.ts'

export interface ConfigurationFile {
  name: string
  text: string
}

/** Which patterns a source feeds, for the comment beside it. */
const feeds = (id: string) =>
  REQUIREMENTS.filter((one) => one.needs.includes(id) || one.helps.includes(id))
    .map((one) => `${one.analytic}/${one.pattern}`)
    .join(', ')

/** What it brings a day on one host, as far as this telemetry tells. */
export function volumeText(expected: Expected | undefined): string {
  if (!expected) return 'events a day: this telemetry does not tell'
  const from =
    expected.from === 'hosts'
      ? `as ${expected.hosts === 1 ? 'the host that has it brings' : `the ${expected.hosts} hosts that have it bring`}`
      : 'as events without the missing field come'
  const most = expected.most > expected.perDay ? ` (at most ${expected.most.toLocaleString('en')})` : ''
  return `about ${expected.perDay.toLocaleString('en')} events a day and host${most}, ${from}`
}

/** How people call the ways to turn something on. */
export const SETTINGS = {
  sysmon: 'Sysmon',
  commands: 'Windows policy',
  auditd: 'auditd',
  eslogger: 'eslogger',
} as const
type Setting = keyof SourceCoverage['expected']

/** The comment of a setting: what it is, which patterns it feeds, what it brings. */
const says = ({ source, expected }: SourceCoverage, setting: Setting) =>
  `${source.title}: feeds ${feeds(source.id)}; ${volumeText(expected[setting])}`

export function configurationFiles(report: CoverageReport): ConfigurationFile[] {
  const missing = report.sources.filter((one) => one.missing.length || !one.hosts.length)
  const by = (setting: Setting) => missing.filter(({ source }) => source[setting])
  const files: ConfigurationFile[] = [
    { name: 'sysmon-ipc.xml', text: sysmonConfiguration(by('sysmon')) },
    { name: 'audit-policy.cmd', text: commandFile(by('commands')) },
    { name: '50-crosstalk-ipc.rules', text: auditdRules(by('auditd')) },
    { name: 'eslogger-events.txt', text: esloggerEvents(by('eslogger')) },
  ]
  return files.filter((file) => file.text !== '')
}

function sysmonConfiguration(missing: readonly SourceCoverage[]): string {
  if (!missing.length) return ''
  const groups = missing.map((one) => `    <!-- ${says(one, 'sysmon')} -->\n    ${one.source.sysmon}`)
  return `<Sysmon schemaversion="4.82">\n  <!-- What Crosstalk did not see in the telemetry it was given. Merge it with your own configuration. -->\n  <EventFiltering>\n${groups.join('\n')}\n  </EventFiltering>\n</Sysmon>\n`
}

function commandFile(missing: readonly SourceCoverage[]): string {
  if (!missing.length) return ''
  const blocks = missing.map((one) => `rem ${says(one, 'commands')}\r\n${one.source.commands!.join('\r\n')}`)
  return `@echo off\r\nrem What Crosstalk did not see in the telemetry it was given. Prefer group policy for a fleet.\r\n${blocks.join('\r\n')}\r\n`
}

function auditdRules(missing: readonly SourceCoverage[]): string {
  if (!missing.length) return ''
  const blocks = missing.map((one) => `## ${says(one, 'auditd')}\n${one.source.auditd!.join('\n')}`)
  return `## What Crosstalk did not see in the telemetry it was given. For /etc/audit/rules.d/.\n${blocks.join('\n')}\n`
}

function esloggerEvents(missing: readonly SourceCoverage[]): string {
  if (!missing.length) return ''
  const blocks = missing.map((one) => `# ${says(one, 'eslogger')}\n${one.source.eslogger!.join('\n')}`)
  return `# eslogger $(grep -v '^#' eslogger-events.txt)\n${blocks.join('\n')}\n`
}
