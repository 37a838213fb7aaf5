// Places and sizes of the boxes, layer by layer.
import type { Case, CaseProcess } from '../../../cases/case.ts'
import { processName } from '../../quantities.ts'
import { compareText } from '../../report.ts'
import { shortened } from '../../visible-text.ts'
import { type Draft, ends } from './draft.ts'
import type { Box, ChannelLayout } from './drawing.ts'
import type { End, Outside, Talk } from './talk.ts'

const LETTER = 7
const ROW = 34
const PROCESS_HEIGHT = 26
const INDENT = 16
const PADDING = 14
const HEADER = 44
const GUTTER = 64
const PILL = { width: 178, height: 40, gap: 10 }
const ADDRESS = { width: 132, height: 40, gap: 12 }
const LAYER_GAP = 76
const HOST_GAP = 26

/** Places host boxes and what is in them, layer by layer. */
export function placeHosts(story: Case, drafts: readonly Draft[], layout: ChannelLayout, addressesIn: boolean): void {
  const sizes = new Map(drafts.map((draft) => [draft, sizeOf(story, draft)]))
  const layers = [...new Set(drafts.map((draft) => draft.layer))].sort((a, b) => a - b)
  const heights = layers.map((layer) =>
    drafts
      .filter((draft) => draft.layer === layer)
      .reduce((sum, draft) => sum + sizes.get(draft)!.height + HOST_GAP, -HOST_GAP),
  )
  const tallest = Math.max(...heights, 0)
  let x = addressesIn ? ADDRESS.width + LAYER_GAP : 0
  layers.forEach((layer, index) => {
    const own = drafts.filter((draft) => draft.layer === layer)
    const width = Math.max(...own.map((draft) => sizes.get(draft)!.width))
    let y = (tallest - heights[index]) / 2
    for (const draft of own) {
      const { height } = sizes.get(draft)!
      placeHost(story, draft, { x, y, width, height }, layout)
      y += height + HOST_GAP
    }
    x += width + LAYER_GAP
  })
}

function sizeOf(story: Case, draft: Draft) {
  const inner = innerSize(story, draft)
  const header = 2 * PADDING + LETTER * Math.max(draft.host.length * 1.1, draft.note.length * 0.9)
  return {
    width: Math.max(inner.width + 2 * PADDING, Math.min(header, 320), 150),
    height: HEADER + inner.height + (inner.height ? PADDING : 4),
  }
}

function innerSize(story: Case, draft: Draft) {
  const rows = draft.processes.length * ROW
  const tree = Math.max(0, ...draft.processes.map(({ process, depth }) => depth * INDENT + processWidth(process)))
  const places = channelPlaces(story, draft, { x: 0, y: 0 })
  const channels = Math.max(0, ...places.map(({ x }) => x + PILL.width))
  return {
    width: channels + (channels && tree ? GUTTER : 0) + tree,
    height: Math.max(rows ? rows - (ROW - PROCESS_HEIGHT) : 0, ...places.map(({ y }) => y + PILL.height)),
  }
}

function processWidth(process: CaseProcess): number {
  return Math.min(200, 22 + LETTER * Math.min(24, processName(process).length))
}

/**
 * Places of the channels, in the order of `byServer`: beside the process that serves each, pushed down where they would touch. On a host of
 * which no process is known, in up to three columns.
 */
function channelPlaces(story: Case, draft: Draft, { x, y }: { x: number; y: number }): { x: number; y: number }[] {
  const order = byServer(story, draft)
  if (!draft.processes.length) {
    const columns = Math.min(3, Math.ceil(order.length / 3))
    return order.map((_, at) => ({
      x: x + (at % columns) * (PILL.width + PILL.gap),
      y: y + Math.floor(at / columns) * (PILL.height + PILL.gap),
    }))
  }
  let free = y
  return order.map((index) => {
    const row = rowOf(draft, story.channels[index].server)
    const wanted = row < 0 ? free : y + row * ROW - (PILL.height - PROCESS_HEIGHT) / 2
    const place = Math.max(free, wanted)
    free = place + PILL.height + PILL.gap
    return { x, y: place }
  })
}

function byServer(story: Case, draft: Draft): number[] {
  const row = (index: number) => {
    const at = rowOf(draft, story.channels[index].server)
    return at < 0 ? Number.MAX_SAFE_INTEGER : at
  }
  return [...draft.channels].sort((a, b) => row(a) - row(b) || a - b)
}

function rowOf(draft: Draft, key: string | undefined): number {
  return draft.processes.findIndex(({ process }) => process.key === key)
}

function placeHost(story: Case, draft: Draft, box: Box, layout: ChannelLayout): void {
  layout.hosts.push({ ...box, name: draft.host, note: draft.note, role: draft.role })
  const top = box.y + HEADER
  const places = channelPlaces(story, draft, { x: box.x + PADDING, y: top })
  byServer(story, draft).forEach((index, at) => {
    const { kind, name } = story.channels[index]
    layout.channels.push({
      ...places[at],
      width: PILL.width,
      height: PILL.height,
      index,
      kind,
      name: shortened(name, 400),
    })
  })
  const actors = ends(story)
  const start = box.x + PADDING + (draft.channels.length ? PILL.width + GUTTER : 0)
  draft.processes.forEach(({ process, depth }, row) => {
    layout.processes.push({
      x: start + depth * INDENT,
      y: top + row * ROW,
      width: processWidth(process),
      height: PROCESS_HEIGHT,
      key: process.key,
      label: processName(process),
      actor: actors.has(process.key),
    })
  })
}

/** Addresses that reached in stand left of all hosts, those that were reached right of them. */
export function placeAddresses(outside: Outside, layout: ChannelLayout, talk: readonly Talk[]): void {
  const left = outside.in.size > 0 ? ADDRESS.width : 0
  const right = Math.max(left, ...layout.hosts.map((host) => host.x + host.width))
  placeColumn('in', [...outside.in], 0, layout, talk)
  placeColumn('out', [...outside.out], right + LAYER_GAP, layout, talk)
}

/** Each as high as what it talks to, pushed down where two would touch. */
function placeColumn(
  side: 'in' | 'out',
  addresses: readonly [string, string][],
  x: number,
  layout: ChannelLayout,
  talk: readonly Talk[],
): void {
  const isIt = (end: End, address: string) => 'address' in end && end.address === address && end.side === side
  const wanted = addresses.map(([address, note]) => {
    const others = talk
      .flatMap(({ from, to }) => (isIt(from, address) ? [to] : isIt(to, address) ? [from] : []))
      .map((end) => boxOf(end, layout))
      .filter((box) => box !== undefined)
    const middle = others.length ? others.reduce((sum, box) => sum + box.y + box.height / 2, 0) / others.length : 0
    return { address, note, y: Math.max(0, middle - ADDRESS.height / 2) }
  })
  wanted.sort((a, b) => a.y - b.y || compareText(a.address, b.address))
  let free = 0
  for (const { address, note, y } of wanted) {
    const place = Math.max(free, y)
    layout.addresses.push({ x, y: place, width: ADDRESS.width, height: ADDRESS.height, side, address, note })
    free = place + ADDRESS.height + ADDRESS.gap
  }
}

/** Where an end is drawn; undefined when it is not. */
export function boxOf(end: End, layout: ChannelLayout): Box | undefined {
  if ('process' in end) return layout.processes.find(({ key }) => key === end.process)
  if ('channel' in end) return layout.channels.find(({ index }) => index === end.channel)
  if ('address' in end)
    return layout.addresses.find(({ address, side }) => address === end.address && side === end.side)
  const host = layout.hosts.find(({ name }) => name === end.host)
  return host && { ...host, height: HEADER }
}
