// A scenario plays something on the machines of the office. Attacks say what a hunt must find of them.
import type { Office } from '../office/office.ts'

export interface Scenario {
  id: string
  /** what happens, for people */
  story: string
  play(office: Office): void
  /** only for attacks */
  truth?: Truth
}

/** What happened, when, and what a hunt must say of it. */
export interface Truth {
  host: string
  /** the other machine, by name */
  source?: string
  from: string
  to: string
  account: string
  techniques: string[]
  /** ATT&CK techniques beside T1559 */
  also: string[]
  channelKinds: string[]
  /** regular expressions that the case must match somewhere */
  mentions: string[]
}
