// Who talked to whom: the channel graph as a picture, and below it the same as a table.
import type { CaseChannel, CaseRemote } from '../../cases/case.ts'
import { clockOf, counted, dateOf, endpoint } from '../quantities.ts'
import { shortened, visibleText } from '../visible-text.ts'
import { type CaseView, cites, left, part, processLink } from './case-view.ts'
import type { ChannelLayout, Edge, PlacedChannel } from './channel-graph/drawing.ts'
import { channelLayout } from './channel-graph/layout.ts'
import { html, type Markup } from './markup.ts'

const MARGIN = 4

export function channelPart(view: CaseView): Markup | undefined {
  const { story, limits } = view
  if (!story.channels.length && !story.remotes.length) return undefined
  const layout = channelLayout(story)
  const channels = story.channels.slice(0, limits.rows).map((channel, at) => channelRow(view, channel, at))
  const remotes = story.remotes.slice(0, limits.rows).map((remote) => remoteRow(view, remote))
  return part(
    view,
    'channels',
    'Who talked to whom',
    html`${layout.hosts.length ? drawing(view, layout) : undefined}
${layout.notes.length ? html`<p class="more">Not drawn: ${layout.notes.join(', ')}.</p>` : undefined}
${
  channels.length
    ? html`<div class="scroll"><table class="rows"><thead><tr><th scope="col">Channel</th><th scope="col">Name</th><th scope="col">On</th><th scope="col">Served by</th><th scope="col">Used by</th><th scope="col">First seen</th><th scope="col">Evidence</th></tr></thead>
<tbody>${channels}</tbody></table></div>`
    : undefined
}${left(story.channels.length, limits.rows, 'channels')}
${
  remotes.length
    ? html`<div class="scroll"><table class="rows"><thead><tr><th scope="col">Connection</th><th scope="col">Address</th><th scope="col">Process</th><th scope="col">Evidence</th></tr></thead>
<tbody>${remotes}</tbody></table></div>`
    : undefined
}${left(story.remotes.length, limits.rows, 'connections')}`,
  )
}

function channelRow(view: CaseView, channel: CaseChannel, at: number): Markup {
  const clients = channel.clients.slice(0, 6).map((client, index) => {
    const end = 'process' in client ? processLink(view, client.process) : html`<code>${client.address}</code>`
    return html`${index ? ', ' : undefined}${end}`
  })
  const more = channel.clients.length > 6 ? `, ${channel.clients.length - 6} more` : undefined
  return html`<tr id="${view.anchor}-ch${at + 1}"><td class="nowrap">${channel.kind}</td><td><code>${shortened(channel.name, 300)}</code></td><td class="host-name">${channel.host}</td>
<td>${channel.server === undefined ? html`<i>not seen</i>` : processLink(view, channel.server)}</td>
<td>${clients.length ? html`${clients}${more}` : html`<i>none seen</i>`}</td>
<td class="time">${moment(channel.firstSeen)}</td><td>${cites(view, channel.evidence)}</td></tr>
`
}

function remoteRow(view: CaseView, remote: CaseRemote): Markup {
  return html`<tr><td class="nowrap">${[remote.protocol, remote.direction].filter(Boolean).join(', ')}</td><td><code>${endpoint(remote.address, remote.port)}</code></td>
<td>${remote.process === undefined ? html`<i>not seen</i>` : processLink(view, remote.process)}</td><td>${cites(view, remote.evidence)}</td></tr>
`
}

function moment(time: string): string {
  return time ? `${dateOf(time)} ${clockOf(time).slice(0, 8)}` : ''
}

function drawing(view: CaseView, layout: ChannelLayout): Markup {
  const width = Math.ceil(layout.width + 2 * MARGIN)
  const height = Math.ceil(layout.height + 2 * MARGIN)
  const arrow = `${view.anchor}-arrow`
  const order: Edge['kind'][] = ['lineage', 'serves', 'connects', 'uses']
  const edges = order.flatMap((kind) => layout.edges.filter((edge) => edge.kind === kind))
  return html`<div class="scroll picture"><svg class="graph${width > 900 ? ' wide' : ''}" width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" role="group" aria-label="${inWords(layout)}">
<defs><marker id="${arrow}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="head" d="M0 .6 7.4 4 0 7.4z"/></marker></defs>
${layout.hosts.map(
  (
    host,
  ) => html`<g class="host ${roleClass(host.role)}"><rect x="${host.x}" y="${host.y}" width="${host.width}" height="${host.height}" rx="6"/><text class="title" x="${host.x + 14}" y="${host.y + 21}">${cut(host.name, host.width - 28, 8)}</text><text class="note" x="${host.x + 14}" y="${host.y + 35}">${cut(host.note, host.width - 28, 6)}</text></g>
`,
)}
${edges.map(
  (
    edge,
  ) => html`<path class="edge ${edge.kind}" d="${edge.path}"${edge.kind === 'uses' || edge.kind === 'connects' ? html` marker-end="url(#${arrow})"` : undefined}><title>${shortened(edge.title, 300)}</title></path>
`,
)}
${layout.processes.map(
  (
    process,
  ) => html`<a href="#${view.anchor}-p${(view.processAt.get(process.key) ?? 0) + 1}"><g class="process-box${process.actor ? ' actor' : ''}"><rect x="${process.x}" y="${process.y}" width="${process.width}" height="${process.height}" rx="4"/><text x="${process.x + 9}" y="${process.y + 17}">${cut(process.label, process.width - 14)}</text></g></a>
`,
)}
${layout.channels.map((channel) => pill(view, channel))}
${layout.addresses.map(
  (
    address,
  ) => html`<g class="address"><rect x="${address.x}" y="${address.y}" width="${address.width}" height="${address.height}" rx="20"/><text x="${address.x + address.width / 2}" y="${address.y + (address.note ? 17 : 24)}">${cut(address.address, address.width - 16)}</text><text class="note" x="${address.x + address.width / 2}" y="${address.y + 31}">${cut(address.note, address.width - 24, 6)}</text></g>
`,
)}
</svg></div>`
}

function pill(view: CaseView, { x, y, width, height, index, kind, name }: PlacedChannel): Markup {
  return html`<a href="#${view.anchor}-ch${index + 1}"><g class="channel"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4"/><text class="kind" x="${x + 10}" y="${y + 15}">${kind}</text><text x="${x + 10}" y="${y + 31}">${cut(name, width - 18)}</text><title>${kind} ${name}</title></g></a>
`
}

/** Hosts' roles are the contract's words; anything else is a peer. */
function roleClass(role: string): string {
  return role === 'target' || role === 'source' ? role : 'peer'
}

/** Text that fits; its middle is what goes, because names differ at their ends. */
function cut(text: string, width: number, letter = 7): string {
  const visible = visibleText(text)
  const letters = Math.max(3, Math.floor(width / letter))
  if (visible.length <= letters) return visible
  const head = Math.ceil((letters - 1) * 0.6)
  return `${visible.slice(0, head)}…${visible.slice(visible.length - (letters - 1 - head))}`
}

function inWords(layout: ChannelLayout): string {
  const parts = [
    counted(layout.hosts.length, 'host'),
    counted(layout.processes.length, 'process', 'processes'),
    counted(layout.channels.length, 'channel'),
    counted(layout.addresses.length, 'address', 'addresses'),
  ]
  return `Channel graph: ${parts.join(', ')}. The tables below say the same.`
}
