// The patterns of the analytics, and what each reads of the telemetry.
import type { DataSource } from './requirements.ts'

/** Without `needs` a pattern is blind; `helps` make its cases stronger. */
export interface Requirement {
  analytic: string
  pattern: string
  technique: string
  platform: DataSource['platform']
  /** any of them is enough */
  needs: readonly string[]
  helps: readonly string[]
}

// biome-ignore format: a table
const TABLE: readonly [name: string, technique: string, platform: DataSource['platform'], needs: string, helps: string][] = [
  ['AN0628/dcom-execution', 'T1559.001', 'windows', 'inbound-connections', 'process-creation logons rpc-calls script-blocks'],
  ['AN0628/com-server-execution', 'T1559.001', 'windows', 'process-creation', 'inbound-connections logons'],
  ['AN0628/wmi-execution', 'T1559.001', 'windows', 'process-creation', 'inbound-connections logons'],
  ['AN0628/wmi-registry', 'T1559.001', 'windows', 'registry', 'inbound-connections logons'],
  ['AN0628/dcom-client', 'T1559.001', 'windows', 'dcom-errors script-blocks', 'process-creation inbound-connections'],
  ['AN0628/dcom-refused', 'T1559.001', 'windows', 'dcom-errors', 'logons inbound-connections'],
  ['AN0628/elevated-moniker', 'T1559.001', 'windows', 'process-creation', 'registry'],
  ['AN0628/script-moniker', 'T1559.001', 'windows', 'process-creation', 'script-blocks'],
  ['AN1357/remote-pipe', 'T1559', 'windows', 'pipes ipc-share', 'inbound-connections logons process-creation'],
  ['AN1357/pipe-impersonation', 'T1559', 'windows', 'process-creation services registry', 'pipes'],
  ['AN1357/pipe-sweep', 'T1559', 'windows', 'pipes ipc-share', 'inbound-connections logons rpc-calls'],
  ['AN1357/implant-pipes', 'T1559', 'windows', 'pipes', 'process-creation inbound-connections'],
  ['AN1357/rpc-service', 'T1559', 'windows', 'ipc-share rpc-calls', 'services process-creation logons'],
  ['AN1357/rpc-task', 'T1559', 'windows', 'ipc-share rpc-calls', 'tasks logons'],
  ['AN1357/command-service', 'T1559', 'windows', 'services', 'process-creation inbound-connections logons'],
  ['AN1357/foreign-client', 'T1559', 'windows', 'ipc-share', 'logons'],
  ['AN1357/script-pipe', 'T1559', 'windows', 'script-blocks', 'pipes'],
  ['AN1357/command-task', 'T1559', 'windows', 'tasks', 'logons ipc-share'],
  ['AN1393/office-child', 'T1559.002', 'windows', 'process-creation', 'registry'],
  ['AN1393/dde-settings', 'T1559.002', 'windows', 'registry', 'process-creation'],
  ['AN1358/kernel-object', 'T1559', 'linux', 'linux-ipc', 'linux-processes linux-logons'],
  ['rules/linux', 'T1559', 'linux', 'linux-processes', 'linux-ipc linux-logons'],
  ['rules/macos', 'T1559.003', 'macos', 'macos-exec', 'macos-ipc macos-logons'],
]

const ids = (text: string): readonly string[] => text.split(' ').filter(Boolean)

export const REQUIREMENTS: readonly Requirement[] = TABLE.map(([name, technique, platform, needs, helps]) => {
  const [analytic, pattern] = name.split('/')
  return { analytic, pattern, technique, platform, needs: ids(needs), helps: ids(helps) }
})
