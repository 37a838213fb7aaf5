// Plays the scenarios and gives the event logs that they leave, and what is known of them.
import { type EventInput, writeEvtx } from '@crosstalk/evtx'
import { Mac } from './macos/mac.ts'
import { ordinaryDay as ordinaryMacDay } from './macos/ordinary-day.ts'
import { privilegedHelper } from './macos/privileged-helper.ts'
import type { Machine } from './office/machine.ts'
import { office } from './office/office.ts'
import { SCENARIOS } from './scenarios/index.ts'
import type { LogRecord } from './windows/record.ts'

/** The samples by path below this folder: logs and labels.json. The same bytes whenever it is called. */
export function sampleFiles(): Map<string, Uint8Array> {
  const place = office()
  for (const scenario of SCENARIOS) scenario.play(place)
  const files = new Map<string, Uint8Array>()
  for (const { machine } of Object.values(place))
    for (const [channel, records] of channelsOf(machine))
      files.set(`logs/${machine.name}/${fileName(channel)}`, writeEvtx(records.map(event)))
  const mac = new Mac('ASH-MAC01', '2026-03-04')
  privilegedHelper.play(mac, ordinaryMacDay(mac))
  files.set(`logs/${mac.name}/eslogger.jsonl`, Buffer.from(mac.log()))
  files.set('labels.json', Buffer.from(`${JSON.stringify(labels(), null, 2)}\n`))
  return files
}

/** As Windows names the file of a channel. */
function fileName(channel: string): string {
  return `${channel.replaceAll('/', '%4')}.evtx`
}

function channelsOf(machine: Machine): Map<string, LogRecord[]> {
  const channels = new Map<string, LogRecord[]>()
  for (const record of machine.records) {
    const records = channels.get(record.channel) ?? []
    channels.set(record.channel, records)
    records.push(record)
  }
  // Sorting is stable: what happens in one millisecond stays in the order in which it was played.
  for (const records of channels.values()) records.sort((a, b) => a.time - b.time)
  return channels
}

/** Record numbers begin where a log that is not new would. */
const FIRST_RECORD = 20_000

function event(record: LogRecord, at: number): EventInput {
  const { provider, userSid, time, data, keywords, ...system } = record
  return {
    ...system,
    provider: provider.name,
    providerGuid: provider.guid,
    time: time * 1000,
    recordId: FIRST_RECORD + at,
    keywords,
    ...(userSid ? { userId: userSid } : {}),
    eventData: Object.fromEntries(data),
  }
}

/** What happened in the samples, for whoever compares a hunt with it. */
function labels() {
  return {
    about:
      'Synthetic telemetry, made by samples/make.ts. A hunt over logs/ must give, for each attack, one case that fits it, and no other case at level medium or higher.',
    attacks: [...SCENARIOS, privilegedHelper].flatMap(({ id, story, truth }) =>
      truth ? [{ id, story, ...truth }] : [],
    ),
  }
}
