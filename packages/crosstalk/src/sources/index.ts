// Every telemetry format that can be read. A new one is a folder, and a line here.

import { auditd } from './auditd/auditd.ts'
import { dbusCapture } from './dbus-capture/dbus-capture.ts'
import { dbusText } from './dbus-capture/dbus-text.ts'
import { defenderCsv, defenderJson } from './defender-xdr/defender-xdr.ts'
import { elastic } from './elastic/elastic.ts'
import { eslogger } from './eslogger/eslogger.ts'
import { evtx } from './evtx/index.ts'
import { falco } from './falco/falco.ts'
import { ipcdump } from './ipcdump/ipcdump.ts'
import { journalExport } from './journald/journal-export.ts'
import { journald } from './journald/journald.ts'
import { laurel } from './laurel/laurel.ts'
import { osquery } from './osquery/osquery.ts'
import { pcap } from './pcap/pcap.ts'
import type { Source } from './source.ts'
import { splunkCsv, splunkJson } from './splunk/splunk.ts'
import { windowsEventText } from './splunk/winevent-text.ts'
import { suricata } from './suricata/suricata.ts'
import { syslog } from './syslog/syslog.ts'
import { syslogJson } from './syslog/syslog-json.ts'
import { sysmonLinux } from './sysmon-linux/sysmon-linux.ts'
import { tetragon } from './tetragon/tetragon.ts'
import { tracee } from './tracee/tracee.ts'
import { unifiedLog } from './unified-log/unified-log.ts'
import { utmp } from './utmp/utmp.ts'
import { wazuh } from './wazuh/wazuh.ts'
import { windowsCsv } from './windows-json/windows-csv.ts'
import { windowsJson } from './windows-json/windows-json.ts'
import { windowsXml } from './windows-xml/windows-xml.ts'
import { zeekJson } from './zeek/zeek-json.ts'
import { zeekTsv } from './zeek/zeek-tsv.ts'

export const sources: readonly Source[] = [
  evtx,
  windowsJson,
  windowsXml,
  windowsCsv,
  windowsEventText,
  elastic,
  wazuh,
  splunkJson,
  splunkCsv,
  defenderJson,
  defenderCsv,
  zeekJson,
  zeekTsv,
  auditd,
  laurel,
  sysmonLinux,
  syslog,
  syslogJson,
  journald,
  journalExport,
  eslogger,
  unifiedLog,
  suricata,
  osquery,
  falco,
  tetragon,
  tracee,
  dbusCapture,
  dbusText,
  ipcdump,
  utmp,
  pcap,
]

/** Bytes of an input's beginning that sources are shown to recognise it. */
export const HEAD_BYTES = 65_536

/** The source that is surest that these bytes are its own, the first among equals; undefined when none is. */
export function recognise(head: Uint8Array, name: string): Source | undefined {
  let best: Source | undefined
  let certainty = 0
  for (const source of sources) {
    const sure = source.detect(head, name)
    if (sure > certainty) {
      best = source
      certainty = sure
    }
    if (certainty === 1) break
  }
  return best
}

export const sourceOfFormat = (format: string): Source | undefined => sources.find((one) => one.format === format)
