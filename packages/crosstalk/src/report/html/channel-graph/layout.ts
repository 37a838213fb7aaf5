// Where hosts, processes, channels and addresses stand in the channel graph. Layered from left to right as the talk goes: addresses that
// reached in, then hosts (who is a client before who serves it), then addresses that were reached. The same case gives the same picture.
import type { Case } from '../../../cases/case.ts'
import { draftHosts } from './draft.ts'
import type { ChannelLayout } from './drawing.ts'
import { assignLayers } from './layers.ts'
import { lineageLines, talkLines } from './lines.ts'
import { placeAddresses, placeHosts } from './placing.ts'
import { outsideAddresses, talkOf } from './talk.ts'

export function channelLayout(story: Case): ChannelLayout {
  const notes: string[] = []
  const drafts = draftHosts(story, notes)
  assignLayers(story, drafts)
  const outside = outsideAddresses(story, drafts, notes)
  const talk = talkOf(story, drafts, outside)
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
  placeHosts(story, drafts, layout, outside.in.size > 0)
  placeAddresses(outside, layout, talk)
  const outer = [...layout.hosts, ...layout.addresses]
  layout.width = Math.max(...outer.map((box) => box.x + box.width), 0)
  layout.height = Math.max(...outer.map((box) => box.y + box.height), 0)
  layout.edges.push(...lineageLines(drafts, layout), ...talkLines(talk, layout))
  return layout
}
