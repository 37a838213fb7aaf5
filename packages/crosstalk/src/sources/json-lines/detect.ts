// Is this JSON of a known form? Looks at the first records of a file's head.
import { type FormFinder, layoutNames } from './form.ts'
import { type Framed, hasForm, headRecords } from './head-records.ts'

/** the most that keys alone can say */
const SURE = 0.95

/** The share of the head's first records that have a form: 0 for none, at most 0.95. A record that is cut by the head's end counts by its first keys. */
export function detectRecords(head: Uint8Array, find: FormFinder): number {
  const { inDocument, inLines, cut } = headRecords(head)
  const sure = share(inDocument, find) || share(inLines, find)
  if (sure > 0 || cut === undefined) return sure
  return find(layoutNames(cut)) ? 0.6 : 0
}

function share({ total, layouts }: Framed, find: FormFinder): number {
  let known = 0
  for (const [layout, count] of layouts) if (hasForm(layout, find)) known += count
  return total ? (known / total) * SURE : 0
}
