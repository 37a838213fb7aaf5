// What rules are checked against.
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { AttackVocabulary } from './attack-tags.ts'
import type { Schemas } from './schema.ts'
import type { Taxonomy } from './taxonomy.ts'

export interface CheckOptions {
  /** ATT&CK, out of a STIX bundle: without it, tags are only checked for their form */
  attack?: AttackVocabulary
  schemas?: Schemas
  /** default: Sigma's own */
  taxonomy?: Taxonomy
  /** values of placeholders, for `expand` */
  placeholders?: ReadonlyMap<string, readonly string[]>
  /** the rules are looked at as they are written, and compiled as these make them */
  pipelines?: readonly Pipeline[]
}
