// Which event of Endpoint Security a JSON record is, and where its fields stand.
import type { FieldValue } from '@crosstalk/sigma'
import type { ExtraField, FormFinder, LayoutNames, RecordClass } from '../json-lines/form.ts'
import { readTime } from '../json-lines/read-time.ts'
import { EVENT_TYPES, PROCESS_FIELDS, TOKEN_FIELDS, tokenOf, tokenPart, userOf } from './event-types.ts'

/** nothing, Elasticsearch's documents, Splunk's search results, and `message` objects of shippers that parse JSON */
const WRAPPERS = ['', '_source.', 'result.', 'message.']
const HOSTS = ['hostname', 'host', 'host.name', 'host.hostname', 'computer']

export const findEsloggerForm: FormFinder = (layout) => {
  for (const wrapper of WRAPPERS) {
    if (wrapper && !layout.has(wrapper)) continue
    const token = `${wrapper}process.audit_token`
    if (!layout.has(`${token}.pid`) && !layout.has(token)) continue
    if (!layout.has(`${wrapper}process.executable.path`)) continue
    if (!layout.has(`${wrapper}event_type`) && !layout.has(`${wrapper}schema_version`)) continue
    const type = typeOf(layout, wrapper)
    if (type === undefined) continue
    // Records of both kinds of token are two shapes: a name stands for one place.
    const form = layout.has(token) ? `${type} listed` : type
    return { name: `eslogger ${wrapper}${form}`, decisive: [], classify: () => classOf(type, wrapper) }
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
        recordId: slots(['global_seq_num', 'glob_seq_num', 'seq_num']),
        time: (event) => readTime(event, time, 0),
      }
    },
  }
}

function extrasOf(type: string, actor: string, inEvent: string): ExtraField[] {
  const token = (name: string, at: string): ExtraField => ({
    name,
    from: [`${at}.pid`, `${at}.pidversion`, at],
    make: tokenOf,
  })
  const extras: ExtraField[] = [
    token('ProcessGuid', `${actor}audit_token`),
    token('ParentProcessGuid', `${actor}parent_audit_token`),
    {
      name: 'User',
      from: [`${actor}audit_token.euid`, `${actor}audit_token`],
      make: ([id, list]) => userOf(id ?? tokenPart(list, 'euid')),
    },
    ...listed(actor, ''),
  ]
  if (type === 'exec')
    extras.push({ name: 'CommandLine', from: [`${inEvent}args`], make: ([args]) => commandLine(args) })
  else extras.push(token('TargetProcessGuid', `${inEvent}target.audit_token`), ...listed(`${inEvent}target.`, 'Target'))
  if (type === 'fork') extras.push(...listed(`${inEvent}child.`, 'Target'))
  const words = (Object.hasOwn(EVENT_TYPES, type) && EVENT_TYPES[type].words) || {}
  for (const [path, { name, words: of }] of Object.entries(words))
    extras.push({ name, from: [inEvent + path], make: ([number]) => inWords(number, of) })
  const file = Object.hasOwn(EVENT_TYPES, type) ? EVENT_TYPES[type].file : undefined
  if (file)
    extras.push({
      name: file.name,
      from: [`${inEvent}${file.directory}`, `${inEvent}${file.leaf}`, ...(file.whole ? [inEvent + file.whole] : [])],
      make: ([directory, leaf, whole]) => whole ?? joined(directory, leaf),
    })
  return extras
}

/** Fields out of an audit token that is a list. */
const listed = (process: string, prefix: string): ExtraField[] =>
  Object.entries(TOKEN_FIELDS).map(([part, name]) => ({
    name: prefix + name,
    from: [`${process}audit_token`],
    make: ([token]) => tokenPart(token, part),
  }))

/** A number that is none of those known stays as it is. */
const inWords = (number: FieldValue | undefined, words: Readonly<Record<number, string>>): FieldValue | undefined =>
  typeof number === 'number' && Object.hasOwn(words, number) ? words[number] : number

const joined = (directory: FieldValue | undefined, leaf: FieldValue | undefined): string | undefined =>
  typeof directory === 'string' && typeof leaf === 'string' ? `${directory.replace(/\/$/, '')}/${leaf}` : undefined

const commandLine = (args: FieldValue | undefined): string | undefined =>
  Array.isArray(args) ? args.map((one) => String(one)).join(' ') : typeof args === 'string' ? args : undefined
