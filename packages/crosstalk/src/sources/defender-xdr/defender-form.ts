// Microsoft Defender XDR's device tables: recognised by their columns, classified by ActionType.
import type { FieldValue } from '@crosstalk/sigma'
import type { SourceShape } from '../../events/event.ts'
import type { FormFinder, LayoutNames, RecordClass, RecordForm, RecordReaders } from '../json-lines/form.ts'
import { readTime } from '../json-lines/read-time.ts'
import { unpack } from '../windows-json/packing.ts'
import { ACTIONS, OTHER_ACTION } from './actions.ts'

/** Exports differ in what they wrap a row in: nothing (portal), `properties` (streaming to Event Hubs and storage). */
const WRAPPERS = ['', 'properties.', 'result.', '_source.']
/** The portal's CSV names the zone in the column. */
const TIMES = ['Timestamp', 'Timestamp [UTC]', 'TimeGenerated', 'TimeGenerated [UTC]', 'Timestamp_datetime']

export const findDefenderForm: FormFinder = (layout) => {
  for (const wrapper of WRAPPERS) if (isRow(layout, wrapper)) return formOf(layout, wrapper)
  return undefined
}

/** What no ActionType tells apart: the machines' interfaces ("DeviceNetworkInfo"). */
const NETWORK_INFO = ['DeviceName', 'NetworkAdapterName', 'MacAddress', 'IPAddresses']

function isRow(layout: LayoutNames, wrapper: string): boolean {
  const has = (name: string): boolean => layout.has(wrapper + name)
  if (NETWORK_INFO.every(has)) return TIMES.some(has)
  return (
    has('ActionType') &&
    (has('DeviceName') || has('DeviceId')) &&
    TIMES.some(has) &&
    (has('InitiatingProcessFileName') ||
      has('InitiatingProcessFolderPath') ||
      has('ReportId') ||
      has('AdditionalFields'))
  )
}

function formOf(layout: LayoutNames, wrapper: string): RecordForm {
  if (!layout.has(`${wrapper}ActionType`))
    return {
      name: `defender-xdr ${wrapper} network info`,
      decisive: [`${wrapper}IPAddresses`],
      classify: () => classOf('DeviceNetworkInfo', 'DeviceNetworkInfo', wrapper),
    }
  // One name for all forms of a table: `category` of the streaming API is AdvancedHunting-<table>.
  const decisive = [`${wrapper}ActionType`, ...(layout.has('category') ? ['category'] : [])]
  return {
    name: `defender-xdr ${wrapper}`,
    decisive,
    classify: ([action, category]) => (typeof action === 'string' ? classOf(action, category, wrapper) : undefined),
  }
}

function classOf(actionType: string, category: FieldValue | undefined, wrapper: string): RecordClass {
  const action = ACTIONS.get(actionType) ?? OTHER_ACTION
  const table = typeof category === 'string' ? category.replace(/^AdvancedHunting-/, '') : 'Device events'
  return {
    channel: `Defender XDR ${table}`,
    eventId: actionType,
    provider: 'Microsoft Defender XDR',
    logSources: action.categories.length
      ? action.categories.map((one) => ({ product: 'windows', category: one }))
      : [{ product: 'windows' }],
    constants: new Map([['ActionType', actionType]]),
    extras: action.extras.map((extra) => ({ ...extra, from: extra.from.map((name) => wrapper + name) })),
    aliases(path) {
      const whole = path.join('.')
      if (!whole.startsWith(wrapper)) return []
      const name = whole.slice(wrapper.length)
      const named = action.fields[name] ?? (name === 'DeviceName' ? 'Computer' : undefined)
      return [...(named ? [named] : []), ...(wrapper ? [name] : [])]
    },
    unpack: (value) =>
      unpack('json', value(`${wrapper}AdditionalFields`), '', Number.NaN).map(([name, one]) => [
        action.fields[name] ?? name,
        one,
      ]),
    bind: (shape) => readers(shape, wrapper),
  }
}

function readers(shape: SourceShape, wrapper: string): RecordReaders {
  const slots = (names: readonly string[]): number[] =>
    names.map((name) => shape.slot(wrapper + name)).filter((slot) => slot >= 0)
  const times = slots(TIMES)
  return {
    host: slots(['DeviceName', 'DeviceId']),
    recordId: slots(['ReportId']),
    time(event) {
      for (const slot of times) {
        const time = readTime(event, slot, 0)
        if (!Number.isNaN(time)) return time
      }
      return Number.NaN
    },
  }
}
