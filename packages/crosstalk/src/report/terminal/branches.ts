// A tree drawn with lines.
/** The branches of a tree whose nodes come in order, told by their depths: what leads a node's name, and the lines below it. */
export function drawBranches(depths: readonly number[]): { name: string; below: string }[] {
  // From the end: a level is open while a node of it is still to come under the same parent.
  const open: boolean[] = []
  const drawn = depths.toReversed().map((depth) => {
    const rails = Array.from({ length: Math.max(0, depth - 1) }, (_, level) => (open[level + 1] ? '│  ' : '   ')).join(
      '',
    )
    const last = !open[depth]
    open.length = depth
    open[depth] = true
    if (depth === 0) return { name: '', below: '' }
    return { name: rails + (last ? '└─ ' : '├─ '), below: rails + (last ? '   ' : '│  ') }
  })
  return drawn.reverse()
}
