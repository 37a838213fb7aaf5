// Checks of the log source: one that there is not, one that is almost another, and events that a category says already.

import type { LogSource } from '../log-source.ts'
import { nearName } from '../near-name.ts'
import { isMapping } from '../parse/rule-document.ts'
import type { Detection } from '../rule.ts'
import { itemsOf, replacing, type Subject } from './subject.ts'
import type { Taxonomy } from './taxonomy.ts'

const PARTS = ['product', 'category', 'service'] as const
const KEYS: readonly string[] = [...PARTS, 'definition']

export function checkLogSource(subject: Subject, logSource: LogSource, taxonomy: Taxonomy): void {
  checkKeys(subject)
  checkCase(subject)
  const { product, category, service } = logSource
  if (taxonomy.knows(logSource)) return
  const name = [product, category, service].filter(Boolean).join(' ')
  for (const part of PARTS) {
    const meant = nearName(logSource[part] ?? '', taxonomy.names(part, logSource))
    if (meant === undefined || meant === logSource[part] || !taxonomy.knows({ ...logSource, [part]: meant })) continue
    subject.report(
      'log-source-typo',
      ['logsource', part],
      `Sigma’s taxonomy has no log source ${name}: ${part} "${meant}" was meant?`,
    )
    return
  }
  subject.report('log-source-unknown', ['logsource'], `Sigma’s taxonomy has no log source ${name}`)
}

function checkKeys(subject: Subject): void {
  const { logsource } = subject.raw
  if (!isMapping(logsource)) return
  for (const key of Object.keys(logsource)) {
    if (KEYS.includes(key)) continue
    const meant = nearName(key, KEYS)
    if (meant === undefined || meant in logsource) continue
    const fix = replacing(subject, ['logsource', key], 'key', `write "${meant}"`, () => meant)
    subject.report('key-typo', ['logsource', key], `"${key}" is no part of a log source: "${meant}" was meant?`, fix)
  }
}

function checkCase(subject: Subject): void {
  const { logsource } = subject.raw
  if (!isMapping(logsource)) return
  for (const part of PARTS) {
    const value = logsource[part]
    if (typeof value !== 'string' || value === value.toLowerCase()) continue
    const fix = replacing(subject, ['logsource', part], 'value', 'write it in lower case', (written) =>
      written.toLowerCase(),
    )
    subject.report('log-source-case', ['logsource', part], `log sources are written in lower case, not "${value}"`, fix)
  }
}

/** Sysmon's event ids and the categories that they are (Sigma specification, appendix taxonomy). */
const SYSMON: Readonly<Record<string, string>> = {
  1: 'process_creation',
  2: 'file_change',
  3: 'network_connection',
  4: 'sysmon_status',
  5: 'process_termination',
  6: 'driver_load',
  7: 'image_load',
  8: 'create_remote_thread',
  9: 'raw_access_thread',
  10: 'process_access',
  11: 'file_event',
  13: 'registry_set',
  14: 'registry_rename',
  15: 'create_stream_hash',
  16: 'sysmon_status',
  17: 'pipe_created',
  18: 'pipe_created',
  19: 'wmi_event',
  20: 'wmi_event',
  21: 'wmi_event',
  22: 'dns_query',
  23: 'file_delete',
  24: 'clipboard_capture',
  25: 'process_tampering',
  26: 'file_delete_detected',
  27: 'file_block_executable',
  28: 'file_block_shredding',
  29: 'file_executable_detected',
  255: 'sysmon_error',
}

/** Whether these are all event ids of the category: some of them would choose among its events. */
function isWhole(category: string, values: readonly unknown[]): boolean {
  const ids = Object.keys(SYSMON).filter((id) => SYSMON[id] === category)
  return ids.length > 0 && ids.every((id) => values.some((value) => String(value) === id))
}

/** Event ids of Sysmon where the category says it for every telemetry. */
export function checkEventIds(
  subject: Subject,
  { product, category, service }: LogSource,
  detections: ReadonlyMap<string, Detection>,
): void {
  if (product !== 'windows') return
  for (const { item, path } of itemsOf(detections)) {
    if (item.field !== 'EventID' || item.modifiers.length) continue
    const categories = item.values.map((value) => SYSMON[String(value)])
    if (service === 'sysmon' && category === undefined && categories[0] !== undefined) {
      if (categories.every((one) => one === categories[0]))
        subject.report(
          'log-source-generic',
          path,
          `these events are the category ${categories[0]}, which other telemetry has too`,
        )
    } else if (category !== undefined && service === undefined && isWhole(category, item.values))
      subject.report(
        'event-id-idle',
        path,
        `the category ${category} says it already; the same events of other logs have other ids`,
      )
  }
}
