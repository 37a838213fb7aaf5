// Tetragon's events as JSON (Tetragon documentation, "Events"; api/v1/tetragon/tetragon.proto): one key names the type, below it stand the process and its parent.
import type { FieldValue } from '@crosstalk/sigma'
import type { ExtraField } from '../json-lines/form.ts'
import { jsonSource } from '../json-source.ts'
import type { RecordFlavour } from '../record-flavour.ts'

const TYPES = [
  'process_exec',
  'process_exit',
  'process_kprobe',
  'process_tracepoint',
  'process_uprobe',
  'process_lsm',
  'process_loader',
]
const CATEGORIES: Readonly<Record<string, string>> = {
  process_exec: 'process_creation',
  process_exit: 'process_termination',
}

/** Tetragon parts the program from its arguments. */
const commandLine = (name: string, at: string): ExtraField => ({
  name,
  from: [`${at}.binary`, `${at}.arguments`],
  make: ([binary, args]: readonly (FieldValue | undefined)[]) =>
    typeof binary === 'string' ? (typeof args === 'string' && args !== '' ? `${binary} ${args}` : binary) : undefined,
})

const event: RecordFlavour = {
  name: 'tetragon',
  needs: [TYPES.map((type) => `${type}.`), ['time']],
  decisive: [],
  variant: (layout, wrapper) => TYPES.find((type) => layout.has(`${wrapper}${type}.`)) ?? '',
  classify([type]) {
    const process = `${type}.process`
    const parent = `${type}.parent`
    const category = CATEGORIES[type]
    return {
      channel: 'tetragon',
      eventId: type,
      provider: 'Tetragon',
      logSources: [{ product: 'linux', service: 'tetragon', ...(category && { category }) }],
      fields: {
        [`${process}.binary`]: 'Image',
        [`${process}.cwd`]: 'CurrentDirectory',
        [`${process}.pid`]: 'ProcessId',
        [`${process}.exec_id`]: 'ProcessGuid',
        [`${parent}.binary`]: 'ParentImage',
        [`${parent}.pid`]: 'ParentProcessId',
        [`${process}.parent_exec_id`]: 'ParentProcessGuid',
        [`${process}.docker`]: 'ContainerId',
        [`${type}.function_name`]: 'FunctionName',
        [`${type}.policy_name`]: 'PolicyName',
      },
      extras: [
        commandLine('CommandLine', process),
        commandLine('ParentCommandLine', parent),
        {
          name: 'User',
          from: [`${process}.uid`],
          make: ([uid]) => (uid === 0 ? 'root' : uid === undefined || uid === null ? undefined : String(uid)),
        },
      ],
    }
  },
  time: ['time'],
  host: ['node_name'],
  recordId: [],
}

export const tetragon = jsonSource('tetragon', 'Tetragon events', [event])
