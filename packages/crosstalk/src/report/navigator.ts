// A case as a layer of MITRE's ATT&CK Navigator: what was seen, what was looked for and not seen, and what could not be seen.
// Layer file format 4.5 (mitre-attack/attack-navigator, layers/LAYERFORMATv4_5.md).
import type { Case } from '../cases/case.ts'
import { compareText, type Export } from './report.ts'
import { visibleText } from './visible-text.ts'

export const navigator: Export = {
  format: 'navigator',
  title: 'ATT&CK Navigator layer, format 4.5',
  shape: 'file',
  extension: '.json',
  *files({ case: story }) {
    yield { path: 'layer.json', content: [`${JSON.stringify(layer(story), null, 2)}\n`] }
  },
}

/** The release that techniques are named after (knowledge/techniques.ts). */
const ATTACK = '18'
const COLOUR = { seen: '#e0603a', 'not-seen': '#e8e6df', blind: '#8d949e' }

interface Marked {
  techniqueID: string
  tactic?: string
  score?: number
  color: string
  comment: string
  enabled: boolean
  metadata: { name: string; value: string }[]
}

function layer(story: Case) {
  return {
    name: visibleText(story.title).slice(0, 200),
    versions: { attack: ATTACK, navigator: '5.1.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description: visibleText(story.summary),
    sorting: 3,
    layout: { layout: 'side', showID: true, showName: true, expandedSubtechniques: 'annotated' },
    hideDisabled: false,
    techniques: marked(story),
    gradient: { colors: ['#ffffff', COLOUR.seen], minValue: 0, maxValue: 100 },
    legendItems: [
      { label: 'seen in this case', color: COLOUR.seen },
      { label: 'looked for, not seen', color: COLOUR['not-seen'] },
      { label: 'could not be seen', color: COLOUR.blind },
    ],
    metadata: [
      { name: 'case', value: visibleText(story.id) },
      { name: 'level', value: story.level },
      { name: 'confidence', value: String(story.confidence) },
    ],
    showTacticRowBackground: false,
    selectTechniquesAcrossTactics: true,
    selectSubtechniquesWithParent: false,
  }
}

/** Each technique once; that it was seen counts more than that it was looked for. */
function marked(story: Case): Marked[] {
  const techniques = new Map<string, Marked>()
  const add = (id: string, status: keyof typeof COLOUR, reasons: readonly string[], tactic?: string) => {
    if (!/^T\d{4}(\.\d{3})?$/.test(id) || techniques.has(id)) return
    techniques.set(id, {
      techniqueID: id,
      ...(tactic && /^[a-z-]+$/.test(tactic) ? { tactic } : {}),
      ...(status === 'seen' ? { score: story.confidence } : {}),
      color: COLOUR[status],
      comment: visibleText(reasons.join('\n').replaceAll('\n', ' · ')),
      enabled: true,
      metadata: [{ name: 'status', value: status }],
    })
  }
  for (const { id, tactic, reasons } of story.techniques) add(id, 'seen', reasons, tactic)
  for (const { technique, status, reasons } of story.related)
    add(technique, status === 'chained' ? 'seen' : status, reasons)
  return [...techniques.values()].sort((a, b) => compareText(a.techniqueID, b.techniqueID))
}
