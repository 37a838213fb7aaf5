// Which event of Endpoint Security a JSON record is, and where its fields stand.
import type { FieldValue } from '@crosstalk/sigma'
import type { ExtraField, FormFinder, LayoutNames, RecordClass } from '../json-lines/form.ts'
import { readTime } from '../json-lines/read-time.ts'
import { EVENT_TYPES, PROCESS_FIELDS, tokenOf, userOf } from './event-types.ts'

/** nothing, Elasticsearch's documents, Splunk's search results, and `message` objects of shippers that parse JSON */
const WRAPPERS = ['', '_source.', 'result.', 'message.']
const HOSTS = ['hostname', 'host', 'host.name', 'computer']

export const findEsloggerForm: FormFinder = (layout) => {
  for (const wrapper of WRAPPERS) {
    if (wrapper && !layout.has(wrapper)) continue
    if (!layout.has(`${wrapper}process.audit_token.pid`) || !layout.has(`${wrapper}process.executable.path`)) continue
    if (!layout.has(`${wrapper}event_type`) && !layout.has(`${wrapper}schema_version`)) continue
    const type = typeOf(layout, wrapper)
    if (type === undefined) continue
    return { name: `eslogger ${wrapper}${type}`, decisive: [], classify: () => classOf(type, wrapper) }
  }
  return undefined
}

/** The type is the one key of `event`. */
function typeOf(layout: LayoutNames, wrapper: string): string | undefined {
  const start = `${wrapper}event.`
  const name = layout.names.find((one) => one.startsWith(start))
  const type = name?.slice(start.length).split('.', 1)[0]
  return type !== undefined && /^[a-z][a-z0-9_]{1,63}$/.test(type) ? type : undefined
}

function classOf(type: string, wrapper: string): RecordClass {
  const known = Object.hasOwn(EVENT_TYPES, type) ? EVENT_TYPES[type] : {}
  const inEvent = `${wrapper}event.${type}.`
  const isExec = type === 'exec'
  const names = new Map<string, string>()
  const actor = isExec ? `${inEvent}target.` : `${wrapper}process.`
  for (const [path, name] of Object.entries(PROCESS_FIELDS)) {
    names.set(actor + path, name)
    if (!isExec) names.set(`${inEvent}target.${path}`, `Target${name}`)
  }
  // Before an exec the process is a copy of its parent: its image is the parent's.
  if (isExec) names.set(`${wrapper}process.executable.path`, 'ParentImage')
  if (isExec) names.set(`${inEvent}cwd.path`, 'CurrentDirectory')
  for (const [path, name] of Object.entries(known.fields ?? {})) names.set(inEvent + path, name)
  return {
    channel: 'eslogger',
    eventId: type,
    provider: 'Endpoint Security',
    logSources: [
      { product: 'macos', service: 'endpoint_security', ...(known.category && { category: known.category }) },
    ],
    constants: new Map([['EventType', type]]),
    extras: extrasOf(type, actor, inEvent),
    aliases(path) {
      const whole = path.join('.')
      const named = names.get(whole)
      return [...(named ? [named] : []), ...(wrapper && whole.startsWith(wrapper) ? [whole.slice(wrapper.length)] : [])]
    },
    bind(shape) {
      const slots = (wanted: readonly string[]): number[] =>
        wanted.map((name) => shape.slot(wrapper + name)).filter((slot) => slot >= 0)
      const [time = -1] = slots(['time'])
      return {
        host: slots(HOSTS),
        recordId: slots(['global_seq_num', 'seq_num']),
        time: (event) => readTime(event, time, 0),
      }
    },
  }
}

function extrasOf(type: string, actor: string, inEvent: string): ExtraField[] {
  const token = (name: string, at: string): ExtraField => ({
    name,
    from: [`${at}pid`, `${at}pidversion`],
    make: tokenOf,
  })
  const extras: ExtraField[] = [
    token('ProcessGuid', `${actor}audit_token.`),
    token('ParentProcessGuid', `${actor}parent_audit_token.`),
    { name: 'User', from: [`${actor}audit_token.euid`], make: ([id]) => userOf(id) },
  ]
  if (type === 'exec')
    extras.push({ name: 'CommandLine', from: [`${inEvent}args`], make: ([args]) => commandLine(args) })
  else extras.push(token('TargetProcessGuid', `${inEvent}target.audit_token.`))
  const file = Object.hasOwn(EVENT_TYPES, type) ? EVENT_TYPES[type].file : undefined
  if (file)
    extras.push({
      name: file.name,
      from: [`${inEvent}${file.directory}`, `${inEvent}${file.leaf}`, ...(file.whole ? [inEvent + file.whole] : [])],
      make: ([directory, leaf, whole]) => whole ?? joined(directory, leaf),
    })
  return extras
}

const joined = (directory: FieldValue | undefined, leaf: FieldValue | undefined): string | undefined =>
  typeof directory === 'string' && typeof leaf === 'string' ? `${directory.replace(/\/$/, '')}/${leaf}` : undefined

const commandLine = (args: FieldValue | undefined): string | undefined =>
  Array.isArray(args) ? args.map((one) => String(one)).join(' ') : typeof args === 'string' ? args : undefined
