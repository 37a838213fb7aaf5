// Syslog inside JSON: Azure Monitor's table Syslog, rsyslog, Fluent Bit.
import { detectRecords } from '../json-lines/detect.ts'
import type { Source } from '../source.ts'
import { azureSyslog, fluentBitSyslog, rsyslogJson } from './json-carrier.ts'
import { carriedReader } from './read-json-carried.ts'

const reader = carriedReader([azureSyslog, fluentBitSyslog, rsyslogJson])

export const syslogJson: Source = {
  format: 'syslog-json',
  title: 'Syslog inside JSON (Azure Monitor, rsyslog, Fluent Bit)',
  assembles: true,
  detect: (head) => detectRecords(head, reader.find),
  read: (input, _range, options, onEvent, onSkip) => reader.read(input, undefined, options, onEvent, onSkip),
}
