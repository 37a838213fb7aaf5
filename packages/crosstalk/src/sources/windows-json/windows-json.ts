// Windows events as JSON, by whichever collector. The flavour is told from the keys of each record, so that one file may mix them.

import { fromMemory } from '../containers/read-bytes.ts'
import { lineRanges } from '../framing.ts'
import { detectRecords } from '../json-lines/detect.ts'
import type { FormFinder } from '../json-lines/form.ts'
import { JsonEvent } from '../json-lines/json-event.ts'
import { readJson } from '../json-lines/read-json.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import type { Input, ReadOptions, Source } from '../source.ts'
import type { WindowsFlavour } from './flavour.ts'
import { event, securityEvent, windowsEvent } from './flavours/azure-monitor.ts'
import { sealighter, silketw } from './flavours/etw.ts'
import { eventTree } from './flavours/event-tree.ts'
import { evtxecmd } from './flavours/evtxecmd.ts'
import { flat } from './flavours/flat.ts'
import { fluentBit, fluentBitWinlog } from './flavours/fluent-bit.ts'
import { gelf, graylogBeats, graylogBeats6, graylogBeatsBare, graylogNxlog } from './flavours/graylog.ts'
import { nxlog } from './flavours/nxlog.ts'
import { velociraptor, velociraptorHunter } from './flavours/velociraptor.ts'
import { winlogbeat, winlogbeat6 } from './flavours/winlogbeat.ts'
import { windowsForm } from './windows-form.ts'

/** The first that fits wins: the more particular ones stand first. */
export const FLAVOURS: readonly WindowsFlavour[] = [
  winlogbeat,
  graylogBeats,
  graylogBeatsBare,
  graylogBeats6,
  graylogNxlog,
  gelf,
  fluentBit,
  nxlog,
  flat,
  eventTree,
  velociraptor,
  evtxecmd,
  fluentBitWinlog,
  securityEvent,
  event,
  windowsEvent,
  velociraptorHunter,
  silketw,
  sealighter,
  winlogbeat6,
]

export const findWindowsForm: FormFinder = (layout) => {
  for (const flavour of FLAVOURS) {
    const form = windowsForm(flavour, layout)
    if (form) return form
  }
  return undefined
}

const LINE_FEED = 0x0a
/** a proof of the clock is looked for in so many first bytes */
const PROOF_WITHIN = 16 * 1024 * 1024
const MAX_PROOF_LINE = 256 * 1024

const shapes = new RecordShapes(findWindowsForm)

export const windowsJson: Source = {
  format: 'windows-json',
  title:
    'Windows events as JSON (NXLog, Winlogbeat, Elastic Agent, Fluent Bit, Velociraptor, EvtxECmd, Azure Monitor …)',
  detect: (head) => detectRecords(head, findWindowsForm),
  ranges: lineRanges,
  async read(input, range, options, onEvent, onSkip) {
    const event = new JsonEvent()
    event.clockShift = await clockShift(input, options)
    await readJson(shapes, input, range, options, onEvent, onSkip, event)
  },
}

/** What the input's own events prove of its clock, so that it holds from the first event on, and in every range. */
async function clockShift(input: Input, options: ReadOptions): Promise<number> {
  const event = new JsonEvent()
  const line = await firstProof(input)
  const ignore = (): void => {}
  if (line) await readJson(shapes, fromMemory(input.name, line), undefined, options, ignore, ignore, event)
  return event.clockShift
}

/** The first line with both times; undefined when the stream tells its zone itself, or has no such line in its first part. */
async function firstProof(input: Input): Promise<Buffer | undefined> {
  let carry: Buffer = Buffer.alloc(0)
  let passed = 0
  for await (const piece of input.open(0, PROOF_WITHIN)) {
    const bytes = Buffer.concat([carry, piece])
    if (passed === 0 && (!bytes.includes('"TimeCreated"') || bytes.includes('"EventReceivedTime"'))) return undefined
    passed += piece.length
    const proof = bytes.indexOf('"UtcTime"')
    const end = proof < 0 ? -1 : bytes.indexOf(LINE_FEED, proof)
    if (end >= 0) return bytes.subarray(bytes.lastIndexOf(LINE_FEED, proof) + 1, end)
    carry = bytes.subarray(proof < 0 ? bytes.lastIndexOf(LINE_FEED) + 1 : 0)
    if (carry.length > MAX_PROOF_LINE) return undefined
  }
  return undefined
}
