// Documents of Elastic's Beats and Agent, as an index holds them, all kinds mixed: Auditbeat, Filebeat's modules for Zeek and Suricata, syslog and the journal, Winlogbeat. (A file of Windows events alone is
// windows-json's.)
import type { SourceEvent } from '../../events/event.ts'
import { detectRecords } from '../json-lines/detect.ts'
import type { FormFinder } from '../json-lines/form.ts'
import { PlainRecord, plainForms } from '../json-lines/plain-form.ts'
import { readJson } from '../json-lines/read-json.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import { flavourFinder } from '../record-flavour.ts'
import type { Skip, Source } from '../source.ts'
import { elasticSyslog } from '../syslog/json-carrier.ts'
import { LinuxMessages } from '../syslog/linux-messages.ts'
import { carriedReader } from '../syslog/read-json-carried.ts'
import { parseTime } from '../timestamps.ts'
import { findWindowsForm } from '../windows-json/windows-json.ts'
import { fileIntegrity, systemModule } from './auditbeat-flavours.ts'
import { auditRecordsOf } from './auditd-records.ts'
import { filebeatSuricata, filebeatZeek } from './filebeat-flavours.ts'

const AUDITD = 'auditbeat auditd'

const findAuditd = plainForms((has) =>
  has('@timestamp') &&
  has('auditd.sequence') &&
  (has('auditd.data.') || has('auditd.summary.') || has('event.original'))
    ? AUDITD
    : undefined,
)
const carried = carriedReader([elasticSyslog])
const findFlavour = flavourFinder([systemModule, fileIntegrity, filebeatZeek, filebeatSuricata])

export const findElasticForm: FormFinder = (layout) =>
  findAuditd(layout) ??
  findFlavour(layout) ??
  (layout.has('winlog.') || layout.has('_source.winlog.') ? findWindowsForm(layout) : carried.find(layout))

const shapes = new RecordShapes(findElasticForm)

export const elastic: Source = {
  format: 'elastic',
  title: 'Elastic documents (Auditbeat, Filebeat for Zeek, Suricata, syslog and the journal, Winlogbeat among them)',
  assembles: true,
  detect: (head) => detectRecords(head, findElasticForm),
  async read(input, _range, options, onEvent, onSkip) {
    const messages = new LinuxMessages(input.name, onEvent, onSkip, options.zone)
    const take = (json: SourceEvent): void => {
      if (json.shape.channel === AUDITD) takeAuditd(messages, json, onSkip)
      else if (!carried.take(messages, json, options.zone ?? 0, onSkip)) onEvent(json)
    }
    await readJson(shapes, input, undefined, options, take, onSkip)
    messages.flush()
  },
}

function takeAuditd(messages: LinuxMessages, json: SourceEvent, onSkip: (skip: Skip) => void): void {
  const { offset, length } = json
  const record = new PlainRecord(json)
  const time = parseTime(record.text('@timestamp'), 0)
  if (Number.isNaN(time)) {
    onSkip({ reason: 'auditbeat: an event without its time', offset, bytes: length })
    return
  }
  const host = record.text('host.hostname', 'host.name', 'agent.hostname', 'beat.hostname')
  for (const line of auditRecordsOf(record, time)) {
    const bytes = Buffer.from(`${line.replace(/[\r\n]+/g, ' ')}\n`)
    if (messages.takeAudit(bytes, 0, bytes.length - 1, offset, length, host)) continue
    onSkip({ reason: 'auditbeat: a record that is none', offset, bytes: 0 })
  }
  messages.completeEvents()
}
