// Where hosts, processes, channels and addresses stand in the channel graph. Layered from left to right as the talk goes: addresses that
// reached in, then hosts (who is a client before who serves it), then addresses that were reached. The same case gives the same picture.
import type { Case, CaseChannel, CaseProcess } from '../../cases/case.ts'
import { inOrder, processForest } from '../process-forest.ts'
import { endpoint, processName } from '../quantities.ts'
import { compareText } from '../report.ts'
import { shortened } from '../visible-text.ts'

export interface Box {
  x: number
  y: number
  width: number
  height: number
}
export interface PlacedHost extends Box {
  name: string
  note: string
  role: string
}
export interface PlacedProcess extends Box {
  key: string
  label: string
  /** an end of a channel or of a connection */
  actor: boolean
}
export interface PlacedChannel extends Box {
  /** index into the case's channels */
  index: number
  kind: string
  name: string
}
export interface PlacedAddress extends Box {
  address: string
  note: string
}
export interface Edge {
  kind: 'lineage' | 'serves' | 'uses' | 'connects'
  /** SVG path data */
  path: string
  title: string
}
export interface ChannelLayout {
  width: number
  height: number
  hosts: PlacedHost[]
  processes: PlacedProcess[]
  channels: PlacedChannel[]
  addresses: PlacedAddress[]
  edges: Edge[]
  /** what was left out, in words */
  notes: string[]
}

/** Of each, as many as a picture bears; the tables below it hold all. */
const MOST = { hosts: 8, processes: 14, channels: 12, addresses: 8 }

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

interface Draft {
  host: string
  role: string
  note: string
  processes: { process: CaseProcess; depth: number }[]
  channels: number[]
  layer: number
}

export function channelLayout(story: Case): ChannelLayout {
  const notes: string[] = []
  const drafts = draftHosts(story, notes)
  assignLayers(story, drafts)
  const layout: ChannelLayout = {
    width: 0,
    height: 0,
    hosts: [],
    processes: [],
    channels: [],
    addresses: [],
    edges: [],
    notes,
  }
  const outside = outsideAddresses(story, drafts, notes)
  const left = outside.in.size ? ADDRESS.width + LAYER_GAP : 0
  const right = placeHosts(story, drafts, layout, left)
  const talk = edgesOf(story, drafts, outside)
  placeAddresses([...outside.in], 0, layout, talk)
  placeAddresses([...outside.out], right - HOST_GAP + LAYER_GAP, layout, talk)
  layout.width = Math.max(...[...layout.hosts, ...layout.addresses].map((box) => box.x + box.width), 0)
  layout.height = Math.max(...[...layout.hosts, ...layout.addresses].map((box) => box.y + box.height), 0)
  drawLineage(drafts, layout)
  drawTalk(talk, layout)
  return layout
}

function ends(story: Case): Set<string> {
  const keys = new Set<string>()
  for (const channel of story.channels) {
    if (channel.server !== undefined) keys.add(channel.server)
    for (const client of channel.clients) if ('process' in client) keys.add(client.process)
  }
  for (const remote of story.remotes) if (remote.process !== undefined) keys.add(remote.process)
  return keys
}

/** Which hosts, and of each which processes and channels, are drawn. */
function draftHosts(story: Case, notes: string[]): Draft[] {
  const forest = processForest(story)
  const known = new Map(story.hosts.map((host) => [host.name, host]))
  const names = [
    ...new Set([...known.keys(), ...forest.keys(), ...story.channels.map((channel) => channel.host)]),
  ].filter((name) => name !== '')
  if (names.length > MOST.hosts) notes.push(`${names.length - MOST.hosts} more hosts`)
  const keep = ends(story)
  const channels = story.channels.map((_, index) => index)
  return names.slice(0, MOST.hosts).map((host) => {
    const all = [...inOrder(forest.get(host) ?? [])]
    const processes = all.length <= MOST.processes ? all : mostTelling(all, keep)
    if (all.length > processes.length) notes.push(`${all.length - processes.length} more processes on ${host}`)
    const own = channels.filter((index) => story.channels[index].host === host)
    if (own.length > MOST.channels) notes.push(`${own.length - MOST.channels} more channels on ${host}`)
    const about = known.get(host)
    return {
      host,
      role: about?.role ?? 'peer',
      note: [about?.role, about?.addresses.slice(0, 2).join(', ')].filter(Boolean).join(' · '),
      processes: processes.map(({ process, depth }) => ({ process, depth: Math.min(depth, 6) })),
      channels: own.slice(0, MOST.channels),
      layer: 0,
    }
  })
}

/** The ends of channels first, then what is nearest to the top of the trees; in the order of the trees. */
function mostTelling<T extends { process: CaseProcess; depth: number }>(
  all: readonly T[],
  keep: ReadonlySet<string>,
): T[] {
  const ranked = [...all].sort(
    (a, b) => Number(keep.has(b.process.key)) - Number(keep.has(a.process.key)) || a.depth - b.depth,
  )
  const chosen = new Set(ranked.slice(0, MOST.processes))
  return all.filter((node) => chosen.has(node))
}

/** A client's host stands left of the host that serves it; sources left of targets where no channel says so. Cycles keep the case's order. */
function assignLayers(story: Case, drafts: readonly Draft[]): void {
  const at = new Map(drafts.map((draft, index) => [draft.host, index]))
  const hostOf = new Map(story.processes.map((process) => [process.key, process.host]))
  const addressOf = new Map(
    story.hosts.flatMap((host) => host.addresses.map((address) => [address, host.name] as const)),
  )
  const before: [number, number][] = []
  const add = (from: string | undefined, to: string | undefined) => {
    const a = at.get(from ?? '')
    const b = at.get(to ?? '')
    if (a !== undefined && b !== undefined && a !== b) before.push([a, b])
  }
  for (const channel of story.channels)
    for (const client of channel.clients)
      add('process' in client ? hostOf.get(client.process) : addressOf.get(client.address), channel.host)
  for (const { address, direction, process } of story.remotes) {
    const [there, here] = [addressOf.get(address), hostOf.get(process ?? '')]
    if (direction === 'inbound') add(there, here)
    else add(here, there)
  }
  if (!before.length)
    for (const a of drafts) for (const b of drafts) if (a.role === 'source' && b.role === 'target') add(a.host, b.host)
  // Longest path; in a cycle it stops after as many rounds as there are hosts.
  for (let round = 0; round < drafts.length - 1; round++)
    for (const [a, b] of before)
      if (drafts[b].layer <= drafts[a].layer && drafts[a].layer + 1 < drafts.length)
        drafts[b].layer = drafts[a].layer + 1
}

/** Places host boxes and what is in them, layer by layer; returns the right edge. */
function placeHosts(story: Case, drafts: readonly Draft[], layout: ChannelLayout, left: number): number {
  const sizes = new Map(drafts.map((draft) => [draft, sizeOf(story, draft)]))
  const layers = [...new Set(drafts.map((draft) => draft.layer))].sort((a, b) => a - b)
  const heights = layers.map((layer) =>
    drafts
      .filter((draft) => draft.layer === layer)
      .reduce((sum, draft) => sum + sizes.get(draft)!.height + HOST_GAP, -HOST_GAP),
  )
  const tallest = Math.max(...heights, 0)
  let x = left
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
  return x - LAYER_GAP + HOST_GAP
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
  const pills = draft.channels.length * (PILL.height + PILL.gap) - (draft.channels.length ? PILL.gap : 0)
  const tree = Math.max(0, ...draft.processes.map(({ process, depth }) => depth * INDENT + processWidth(process)))
  const channels = draft.channels.length ? PILL.width : 0
  const aligned = draft.channels.length ? channelPlaces(story, draft, 0).at(-1)! + PILL.height : 0
  return {
    width: channels + (channels && tree ? GUTTER : 0) + tree,
    height: Math.max(rows ? rows - (ROW - PROCESS_HEIGHT) : 0, pills, aligned),
  }
}

function processWidth(process: CaseProcess): number {
  return Math.min(200, 22 + LETTER * Math.min(24, processName(process).length))
}

/** Tops of the channels, in the order of `byServer`: beside the process that serves each, pushed down where they would touch. */
function channelPlaces(story: Case, draft: Draft, top: number): number[] {
  let free = top
  return byServer(story, draft).map((index) => {
    const row = rowOf(draft, story.channels[index].server)
    const wanted = row < 0 ? free : top + row * ROW - (PILL.height - PROCESS_HEIGHT) / 2
    const place = Math.max(free, wanted)
    free = place + PILL.height + PILL.gap
    return place
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
  const places = channelPlaces(story, draft, top)
  byServer(story, draft).forEach((index, at) => {
    const { kind, name } = story.channels[index]
    layout.channels.push({
      x: box.x + PADDING,
      y: places[at],
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

interface Outside {
  /** addresses that reached in, and that were reached, with what is known of their ports */
  in: Map<string, string>
  out: Map<string, string>
  /** the host of the case that an address belongs to */
  host: ReadonlyMap<string, string>
}

/** The addresses that stand outside: those that belong to no host of the picture. */
function outsideAddresses(story: Case, drafts: readonly Draft[], notes: string[]): Outside {
  const drawn = new Set(drafts.map((draft) => draft.host))
  const host = new Map(
    story.hosts
      .filter(({ name }) => drawn.has(name))
      .flatMap(({ name, addresses }) => addresses.map((address) => [address, name] as const)),
  )
  const found = { in: new Map<string, string>(), out: new Map<string, string>(), host }
  const add = (side: Map<string, string>, address: string, note: string) => {
    if (host.has(address)) return
    const before = side.get(address)
    if (before === undefined) side.set(address, note)
    else if (note && !before.split(', ').includes(note)) side.set(address, before ? `${before}, ${note}` : note)
  }
  for (const { address, port, protocol, direction } of story.remotes)
    add(
      direction === 'inbound' ? found.in : found.out,
      address,
      direction === 'inbound' ? protocol : `${protocol} ${port ?? ''}`.trim(),
    )
  for (const channel of story.channels)
    for (const client of channel.clients) if ('address' in client) add(found.in, client.address, '')
  for (const side of [found.in, found.out])
    if (side.size > MOST.addresses) {
      notes.push(`${side.size - MOST.addresses} more addresses`)
      for (const address of [...side.keys()].slice(MOST.addresses)) side.delete(address)
    }
  return found
}

type End = { process: string } | { channel: number } | { address: string; side: 'in' | 'out' } | { host: string }
interface Talk {
  from: End
  to: End
  kind: Edge['kind']
  title: string
}

/** Who talks to whom, each pair once. */
function edgesOf(story: Case, drafts: readonly Draft[], outside: Outside): Talk[] {
  const hostOf = new Map(story.processes.map((process) => [process.key, process.host]))
  const drawn = new Set(drafts.flatMap((draft) => draft.channels))
  const talk: Talk[] = []
  story.channels.forEach((channel, index) => {
    if (!drawn.has(index)) return
    const name = `${channel.kind} ${channel.name}`
    if (channel.server !== undefined)
      talk.push({ from: { channel: index }, to: { process: channel.server }, kind: 'serves', title: `serves ${name}` })
    for (const client of clientsOf(channel, hostOf, outside))
      talk.push({ from: client, to: { channel: index }, kind: 'uses', title: `uses ${name}` })
  })
  const told = new Set(
    talk.filter(({ kind }) => kind === 'uses').map(({ from, to }) => `${hostKey(from, hostOf)}>${serverOf(story, to)}`),
  )
  const seen = new Set<string>()
  for (const { address, port, protocol, direction, process } of story.remotes) {
    const inbound = direction === 'inbound'
    const there: End = outside.host.has(address)
      ? { host: outside.host.get(address)! }
      : { address, side: inbound ? 'in' : 'out' }
    const pair = `${hostKey(there, hostOf)}>${process}>${direction}`
    if (process === undefined || seen.has(pair) || (inbound && told.has(`${hostKey(there, hostOf)}>${process}`)))
      continue
    seen.add(pair)
    const title = `${protocol} ${endpoint(address, port)}, ${direction}`
    talk.push(
      inbound
        ? { from: there, to: { process }, kind: 'connects', title }
        : { from: { process }, to: there, kind: 'connects', title },
    )
  }
  return talk
}

/** A client known as a process and by its address is one client. */
function clientsOf(channel: CaseChannel, hostOf: ReadonlyMap<string, string>, outside: Outside): End[] {
  const processes = channel.clients.filter((client) => 'process' in client)
  const hosts = new Set(processes.map((client) => hostOf.get(client.process)))
  const addresses = channel.clients.filter((client) => 'address' in client).map(({ address }) => address)
  return [
    ...processes.map(({ process }): End => ({ process })),
    ...addresses
      .filter((address) => !hosts.has(outside.host.get(address) ?? '\0'))
      .map(
        (address): End => (outside.host.has(address) ? { host: outside.host.get(address)! } : { address, side: 'in' }),
      ),
  ]
}

function hostKey(end: End, hostOf: ReadonlyMap<string, string>): string {
  if ('process' in end) return `host ${hostOf.get(end.process)}`
  if ('host' in end) return `host ${end.host}`
  return 'address' in end ? `address ${end.address}` : ''
}

function serverOf(story: Case, end: End): string | undefined {
  return 'channel' in end ? story.channels[end.channel].server : undefined
}

/** Addresses stand as high as what they talk to, pushed down where they would touch. */
function placeAddresses(
  addresses: readonly [string, string][],
  x: number,
  layout: ChannelLayout,
  talk: readonly Talk[],
): void {
  const side = x === 0 ? 'in' : 'out'
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
    layout.addresses.push({ x, y: place, width: ADDRESS.width, height: ADDRESS.height, address, note })
    free = place + ADDRESS.height + ADDRESS.gap
  }
}

function boxOf(end: End, layout: ChannelLayout): Box | undefined {
  if ('process' in end) return layout.processes.find(({ key }) => key === end.process)
  if ('channel' in end) return layout.channels.find(({ index }) => index === end.channel)
  if ('host' in end) {
    const host = layout.hosts.find(({ name }) => name === end.host)
    return host && { ...host, height: HEADER }
  }
  return layout.addresses.find(({ address, x }) => address === end.address && (x === 0) === (end.side === 'in'))
}

function drawLineage(drafts: readonly Draft[], layout: ChannelLayout): void {
  const byKey = new Map(layout.processes.map((process) => [process.key, process]))
  for (const { processes } of drafts)
    for (const { process } of processes) {
      const child = byKey.get(process.key)
      const parent = process.parentKey === undefined ? undefined : byKey.get(process.parentKey)
      if (!child || !parent || parent.x >= child.x) continue
      const x = parent.x + 8
      const path = `M${x} ${parent.y + parent.height}V${child.y + child.height / 2}H${child.x}`
      layout.edges.push({ kind: 'lineage', path, title: `${parent.label} started ${child.label}` })
    }
}

function drawTalk(talk: readonly Talk[], layout: ChannelLayout): void {
  for (const { from, to, kind, title } of talk) {
    const a = boxOf(from, layout)
    const b = boxOf(to, layout)
    if (!a || !b) continue
    layout.edges.push({ kind, title, path: curve(a, b, kind) })
  }
}

/** A curve between the sides that face each other. What a process uses on its own host runs a little below what it serves. */
function curve(a: Box, b: Box, kind: Edge['kind']): string {
  const shift = kind === 'uses' ? 5 : kind === 'serves' ? -4 : 0
  const backward = b.x + b.width <= a.x
  const [x1, x2] = backward ? [a.x, b.x + b.width] : [a.x + a.width, b.x]
  const y1 = a.y + a.height / 2 + shift
  const y2 = b.y + b.height / 2 + (backward || kind === 'serves' ? shift : 0)
  const reach = Math.max(24, Math.abs(x2 - x1) / 2) * (backward ? -1 : 1)
  return `M${round(x1)} ${round(y1)}C${round(x1 + reach)} ${round(y1)} ${round(x2 - reach)} ${round(y2)} ${round(x2)} ${round(y2)}`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
