// Zeek's logs as JSON, one record a line: Zeek's own (LogAscii::use_json), Corelight's and json-streaming-logs' (`_path`), and exports that name the log
// otherwise (`@stream`) or not at all: then its fields tell which it is.
import type { FieldValue } from '@crosstalk/sigma'
import { parseEpochSeconds } from '../epoch-seconds.ts'
import { lineRanges } from '../framing.ts'
import { detectRecords } from '../json-lines/detect.ts'
import type { FormFinder, LayoutNames, RecordClass, RecordForm } from '../json-lines/form.ts'
import { readJson } from '../json-lines/read-json.ts'
import { readTime } from '../json-lines/read-time.ts'
import { RecordShapes } from '../json-lines/record-shapes.ts'
import type { Source } from '../source.ts'
import { hostField, logSourcesOf, streamNamed, streamWith, type ZeekStream, zeekName } from './streams.ts'

/** What exports wrap a record in: nothing, Elasticsearch's documents, Splunk's search results, Filebeat's `json` input. */
const WRAPPERS = ['', '_source.', 'result.', 'zeek.', 'json.']
const NAMES = ['_path', '@stream', 'path_name']

export const findZeekForm: FormFinder = (layout) => {
  for (const wrapper of WRAPPERS) {
    if (wrapper !== '' && !layout.has(wrapper)) continue
    const form = formOf(layout, wrapper)
    if (form) return form
  }
  return undefined
}

function formOf(layout: LayoutNames, wrapper: string): RecordForm | undefined {
  const has = (name: string): boolean => layout.has(wrapper + name)
  if (!has('ts')) return undefined
  const named = NAMES.find(has)
  if (named === undefined) {
    const stream = streamWith(has)
    return (
      stream && {
        name: `zeek ${wrapper}${stream.name}`,
        decisive: [],
        classify: () => classOf(stream, wrapper),
      }
    )
  }
  // A name alone is little: other loggers have a `_path` too.
  if (!['uid', 'fuid', 'id.orig_h', 'id_orig_h', '@proc', '_system_name', '_write_ts'].some(has) && !streamWith(has))
    return undefined
  return {
    name: `zeek ${wrapper}`,
    decisive: [wrapper + named],
    classify([name]: readonly (FieldValue | undefined)[]) {
      const stream = typeof name === 'string' ? streamNamed(name) : undefined
      return stream && classOf(stream, wrapper)
    },
  }
}

function classOf(stream: ZeekStream, wrapper: string): RecordClass {
  const sigma = Object.entries(stream.aliases ?? {})
  return {
    channel: `zeek ${stream.name}`,
    eventId: stream.name,
    provider: 'Zeek',
    logSources: logSourcesOf(stream),
    constants: new Map(),
    aliases(path) {
      const whole = path.join('.')
      if (!whole.startsWith(wrapper)) return []
      const name = whole.slice(wrapper.length)
      const own = zeekName(name)
      const named = [...(own ? [own] : []), ...(wrapper ? [name] : [])]
      return [...named, ...sigma.filter(([, field]) => field === name || field === own).map(([alias]) => alias)]
    },
    bind(shape) {
      const ts = shape.slot(`${wrapper}ts`)
      const host = hostField(stream)
      return {
        host: host === undefined ? [] : [shape.slot(host)].filter((slot) => slot >= 0),
        recordId: [],
        time(event) {
          const exact = parseEpochSeconds(event.bytes, event.starts[ts], event.ends[ts])
          return Number.isNaN(exact) ? readTime(event, ts, 0) : exact
        },
      }
    },
  }
}

const shapes = new RecordShapes(findZeekForm)

export const zeekJson: Source = {
  format: 'zeek-json',
  title: 'Zeek logs as JSON',
  detect: (head) => detectRecords(head, findZeekForm),
  ranges: lineRanges,
  read: (input, range, options, onEvent, onSkip) => readJson(shapes, input, range, options, onEvent, onSkip),
}
