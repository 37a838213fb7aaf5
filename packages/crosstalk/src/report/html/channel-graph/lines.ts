// The lines of the picture: lineage as right angles, talk as curves.
import type { Draft } from './draft.ts'
import type { Box, ChannelLayout, Edge } from './drawing.ts'
import { boxOf } from './placing.ts'
import type { Talk } from './talk.ts'

export function* lineageLines(drafts: readonly Draft[], layout: ChannelLayout): Generator<Edge> {
  const byKey = new Map(layout.processes.map((process) => [process.key, process]))
  for (const { processes } of drafts)
    for (const { process } of processes) {
      const child = byKey.get(process.key)
      const parent = process.parentKey === undefined ? undefined : byKey.get(process.parentKey)
      if (!child || !parent || parent.x >= child.x) continue
      const x = parent.x + 8
      const path = `M${x} ${parent.y + parent.height}V${child.y + child.height / 2}H${child.x}`
      yield { kind: 'lineage', path, title: `${parent.label} started ${child.label}` }
    }
}

export function* talkLines(talk: readonly Talk[], layout: ChannelLayout): Generator<Edge> {
  for (const { from, to, kind, title } of talk) {
    const a = boxOf(from, layout)
    const b = boxOf(to, layout)
    if (a && b) yield { kind, title, path: curve(a, b, kind) }
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
