// What is missing as files ready to deploy, scoped to communication between processes so that volume stays low. Nothing is run; every line says what it feeds.
import type { CoverageReport } from './assess.ts'
import { type DataSource, REQUIREMENTS } from './requirements.ts'

export interface ConfigurationFile {
  name: string
  text: string
}

/** Which patterns a source feeds, for the comment beside it. */
const feeds = (id: string) =>
  REQUIREMENTS.filter((one) => one.needs.includes(id) || one.helps.includes(id))
    .map((one) => `${one.analytic}/${one.pattern}`)
    .join(', ')

export function configurationFiles(report: CoverageReport): ConfigurationFile[] {
  const missing = report.sources.filter((one) => one.missing.length || !one.hosts.length).map((one) => one.source)
  const files: ConfigurationFile[] = []
  const sysmon = missing.filter((source) => source.sysmon)
  if (sysmon.length) files.push({ name: 'sysmon-ipc.xml', text: sysmonConfiguration(sysmon) })
  const commands = missing.filter((source) => source.commands)
  if (commands.length) files.push({ name: 'audit-policy.cmd', text: commandFile(commands) })
  const auditd = missing.filter((source) => source.auditd)
  if (auditd.length) files.push({ name: '50-crosstalk-ipc.rules', text: auditdRules(auditd) })
  const eslogger = missing.flatMap((source) => source.eslogger ?? [])
  if (eslogger.length) files.push({ name: 'eslogger-events.txt', text: `${[...new Set(eslogger)].join('\n')}\n` })
  return files
}

function sysmonConfiguration(sources: readonly DataSource[]): string {
  const groups = sources.map(
    (source) => `    <!-- ${source.title}: feeds ${feeds(source.id)} -->\n    ${source.sysmon}`,
  )
  return `<Sysmon schemaversion="4.82">\n  <!-- What Crosstalk did not see in the telemetry it was given. Merge it with your own configuration. -->\n  <EventFiltering>\n${groups.join('\n')}\n  </EventFiltering>\n</Sysmon>\n`
}

function commandFile(sources: readonly DataSource[]): string {
  const blocks = sources.map(
    (source) => `rem ${source.title}: feeds ${feeds(source.id)}\r\n${source.commands!.join('\r\n')}`,
  )
  return `@echo off\r\nrem What Crosstalk did not see in the telemetry it was given. Prefer group policy for a fleet.\r\n${blocks.join('\r\n')}\r\n`
}

function auditdRules(sources: readonly DataSource[]): string {
  return `## What Crosstalk did not see in the telemetry it was given. For /etc/audit/rules.d/.\n${sources.map((source) => `## ${source.title}: feeds ${feeds(source.id)}\n${source.auditd!.join('\n')}`).join('\n')}\n`
}
