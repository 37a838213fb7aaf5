// Techniques that usually go with abuse of inter-process communication: seen in the same story, not seen though it could have been, or not to be seen here.
import type { HostNode } from '../graph/graph.ts'
import { techniqueName } from '../knowledge/techniques.ts'
import type { RelatedTechnique } from './case.ts'

/** What a host must report for the technique to be visible at all (any one of them). */
const VISIBLE_BY: Readonly<Record<string, { by: readonly string[]; says: string }>> = {
  'T1021.002': { by: ['connection', 'named-pipe', 'logon'], says: 'network connections, pipes over SMB or logons' },
  'T1021.003': { by: ['connection', 'dcom'], says: 'network connections or DCOM events' },
  T1047: { by: ['process-started', 'wmi-activity'], says: 'process creation or WMI activity' },
  'T1059.001': { by: ['process-started', 'script-block'], says: 'process creation or script blocks' },
  T1055: { by: ['remote-thread', 'process-accessed'], says: 'remote threads or process access (Sysmon 8, 10)' },
  'T1134.001': { by: ['process-started', 'service-installed'], says: 'process creation or service installation' },
  'T1543.003': { by: ['service-installed', 'registry-set'], says: 'service installation (7045, 4697)' },
  'T1569.002': { by: ['process-started', 'service-installed'], says: 'process creation or service installation' },
  'T1053.005': { by: ['task-registered'], says: 'task registration (4698, TaskScheduler/Operational)' },
  T1003: {
    by: ['process-accessed', 'directory-access'],
    says: 'access to lsass (Sysmon 10) or to the directory (4662)',
  },
  'T1546.015': { by: ['registry-set'], says: 'registry writes (Sysmon 13, 4657)' },
  'T1548.002': { by: ['process-started'], says: 'process creation' },
  'T1204.002': { by: ['process-started'], says: 'process creation' },
}

export function relatedTechniques(seen: ReadonlyMap<string, string>, hosts: readonly HostNode[]): RelatedTechnique[] {
  const kinds = new Set(hosts.flatMap((host) => [...host.kinds]))
  const related: RelatedTechnique[] = []
  for (const [technique, { by, says }] of Object.entries(VISIBLE_BY)) {
    const reason = [...seen].find(([id]) => id === technique || id.startsWith(`${technique}.`))?.[1]
    const names = hosts.map((host) => host.name).join(', ')
    if (reason) related.push({ technique, name: techniqueName(technique), status: 'chained', reasons: [reason] })
    else if (by.some((kind) => kinds.has(kind)))
      related.push({
        technique,
        name: techniqueName(technique),
        status: 'not-seen',
        reasons: [`${names} reported ${says}; nothing of it tells of ${techniqueName(technique)} in this story.`],
      })
    else
      related.push({
        technique,
        name: techniqueName(technique),
        status: 'blind',
        reasons: [`${names} reported no ${says}.`],
      })
  }
  for (const [id, reason] of seen)
    if (!/^T1559/.test(id) && !related.some((one) => one.technique === id || id.startsWith(`${one.technique}.`)))
      related.push({ technique: id, name: techniqueName(id), status: 'chained', reasons: [reason] })
  return related
}
