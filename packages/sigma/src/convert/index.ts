import type { Backend } from './backend.ts'
import { kusto } from './kusto.ts'
import { sqlite } from './sqlite.ts'

export { type Backend, type BackendOptions, type ConvertedRule, convertRules } from './backend.ts'
export { type Query, queryOf } from './query.ts'

export const BACKENDS: readonly Backend[] = [sqlite, kusto]
