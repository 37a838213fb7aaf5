// The systemd journal as JSON: `journalctl -o json`, `-o json-pretty`, and collectors that keep its field names.
import { detectRecords } from '../json-lines/detect.ts'
import type { Source } from '../source.ts'
import { journal } from '../syslog/json-carrier.ts'
import { carriedReader } from '../syslog/read-json-carried.ts'

const reader = carriedReader([journal])

export const journald: Source = {
  format: 'journald',
  title: 'systemd journal as JSON',
  assembles: true,
  detect: (head) => detectRecords(head, reader.find),
  read: (input, _range, options, onEvent, onSkip) => reader.read(input, undefined, options, onEvent, onSkip),
}
