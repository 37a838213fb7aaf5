// Files that look like events but are what another tool made of them: its detections. They are named as such and left alone: what a rule said is no evidence, and the events that no rule
// liked are missing.
import { isUtf16 } from './utf16.ts'

const LOOKED_AT = 8_192

interface Detections {
  readonly tool: string
  readonly is: (start: string) => boolean
}

const TOOLS: readonly Detections[] = [
  // Hayabusa, README, "Output profiles": the columns of csv-timeline, the keys of json-timeline
  {
    tool: 'Hayabusa',
    is: (start) => /"?RuleTitle"?/.test(start) && /"?Timestamp"?/.test(start) && /"?Level"?/.test(start),
  },
  // Chainsaw, src/cli.rs: hunt with --json, --jsonl, --csv
  {
    tool: 'Chainsaw',
    is: (start) =>
      (/"kind"\s*:\s*"(?:individual|aggregate)"/.test(start) && /"documents?"\s*:/.test(start)) ||
      /^"?timestamp"?,"?detections"?,/.test(start),
  },
]

/** The tool whose detections a file of unknown format holds, by its first bytes; undefined: none that is known. */
export function detectionsOf(head: Uint8Array): string | undefined {
  const text = new TextDecoder(isUtf16(head) ? 'utf-16le' : 'utf-8').decode(head.subarray(0, LOOKED_AT))
  const start = text.replace(/^[\ufeff\s]+/, '')
  // Keys of the first object, or the header's columns.
  if (!/^(?:[[{]|"?[Tt]imestamp"?,)/.test(start)) return undefined
  return TOOLS.find(({ is }) => is(start.startsWith('{') || start.startsWith('[') ? start : start.split('\n', 1)[0]))
    ?.tool
}
