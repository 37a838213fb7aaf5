// contains, startswith, endswith: wildcards around text; for a regular expression the ends at which it is held, for a field reference how its value is compared.
import { asString, changed, type Kind, type Modifier, type Value } from './modifier.ts'
import { widen } from './sigma-string.ts'

const TAKES: readonly Kind[] = ['string', 'number', 'boolean', 'regex', 'field']

function widening(before: boolean, behind: boolean, name: 'contains' | 'startswith' | 'endswith'): Modifier {
  return {
    takes: TAKES,
    apply(value): Value[] {
      if (value.kind === 'regex') {
        // It is found anywhere as it is.
        return [
          { ...value, fromStart: value.fromStart || name === 'startswith', toEnd: value.toEnd || name === 'endswith' },
        ]
      }
      if (value.kind === 'field') return [{ ...value, start: value.start || behind, end: value.end || before }]
      const text = asString(value)
      return [changed(text, widen(text.pattern, before, behind))]
    },
  }
}

export const contains = widening(true, true, 'contains')
export const startswith = widening(false, true, 'startswith')
export const endswith = widening(true, false, 'endswith')
