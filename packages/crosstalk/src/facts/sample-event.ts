// Events for the tests of facts and channels: a record as a source would hand it on.
import type { FieldValue, LogSource } from '@crosstalk/sigma'
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { RecordEvent } from '../events/record-event.ts'
import { makeShape } from '../events/shape.ts'
import type { FactExtractor } from './extractor.ts'
import type { Fact, FactBase, Observation } from './fact.ts'

export interface SampleEvent {
  channel: string
  eventId: number | string
  provider?: string
  logSources?: readonly LogSource[]
  constants?: Readonly<Record<string, string>>
  host?: string
  fields: Readonly<Record<string, FieldValue | undefined>>
}

export const SAMPLE_TIME = Date.UTC(2026, 0, 2, 3, 4, 5) * 1000

export function sampleShape(sample: SampleEvent): SourceShape {
  return makeShape({
    fields: Object.keys(sample.fields),
    channel: sample.channel,
    eventId: sample.eventId,
    provider: sample.provider,
    logSources: sample.logSources ?? [{ product: 'windows' }],
    ...(sample.constants && { constants: new Map(Object.entries(sample.constants)) }),
  })
}

export function sampleEvent(sample: SampleEvent, shape: SourceShape = sampleShape(sample)): SourceEvent {
  const event = new RecordEvent()
  const pointer = { file: 'sample', offset: 4096, length: 512, recordId: 7 }
  event.set(shape, Object.values(sample.fields), pointer, SAMPLE_TIME, sample.host ?? 'WS1.office.example')
  return event
}

/** What an extractor reads from the event; undefined when it does not bind its shape. */
export function read(extractor: FactExtractor, sample: SampleEvent): Fact[] | undefined {
  const shape = sampleShape(sample)
  const reader = extractor.bind(shape)
  if (!reader) return undefined
  const facts: Fact[] = []
  reader(sampleEvent(sample, shape), (fact) => facts.push(fact))
  return facts
}

/** A fact without what every fact has. */
export type Told<One extends Fact = Fact> = One extends Fact ? Omit<One, keyof FactBase> : never

/** The one fact, without what every fact has. */
export function readOne(extractor: FactExtractor, sample: SampleEvent): Told {
  const facts = read(extractor, sample)
  if (facts?.length !== 1) throw new Error(`${extractor.name}: ${facts ? facts.length : 'no'} facts`)
  const { time: _time, host: _host, evidence: _evidence, ...fact } = facts[0]
  return JSON.parse(JSON.stringify(fact)) as Told
}

/** The one observation, without what every fact has. */
export function observed(extractor: FactExtractor, sample: SampleEvent): Told<Observation> {
  const fact = readOne(extractor, sample)
  if (fact.kind !== 'observation') throw new Error(`${extractor.name}: ${fact.kind}`)
  return fact
}

type Fields = SampleEvent['fields']

export const sysmon = (eventId: number, fields: Fields): SampleEvent => ({
  channel: 'Microsoft-Windows-Sysmon/Operational',
  provider: 'Microsoft-Windows-Sysmon',
  eventId,
  fields,
})
export const security = (eventId: number | string, fields: Fields): SampleEvent => ({
  channel: 'Security',
  provider: 'Microsoft-Windows-Security-Auditing',
  eventId,
  fields,
})
/** A record of auditd, by its type. */
export const auditRecord = (type: string, fields: Fields): SampleEvent => ({
  channel: 'auditd',
  provider: 'auditd',
  eventId: type,
  logSources: [{ product: 'linux', service: 'auditd' }],
  constants: { type },
  fields,
})
export const controlManager = (eventId: number, fields: Fields): SampleEvent => ({
  channel: 'System',
  provider: 'Service Control Manager',
  eventId,
  fields,
})
export const distributedCom = (eventId: number, fields: Fields): SampleEvent => ({
  channel: 'System',
  provider: 'Microsoft-Windows-DistributedCOM',
  eventId,
  fields,
})
export const powershell = (eventId: number, fields: Fields): SampleEvent => ({
  channel: 'Microsoft-Windows-PowerShell/Operational',
  provider: 'Microsoft-Windows-PowerShell',
  eventId,
  fields,
})
