// Text in which a person or program may name a channel: command lines, what services and tasks run, scripts. A name in a text is no act on the
// channel: such observations are `refer`.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { accountRef, processAccount, subjectAccount } from '../facts/account-ref.ts'
import type { ReadFacts } from '../facts/extractor.ts'
import type { AccountRef, ChannelKind, Observation, ProcessRef } from '../facts/fact.ts'
import { bounded, type Field, factBase, field, hasField, MAX_NAME, MAX_TEXT } from '../facts/field.ts'
import { oncePerEvent, oncePerShape } from '../facts/once-per-event.ts'
import { actorRef, processRef } from '../facts/process-ref.ts'
import { bindRegistryWrite } from '../facts/registry-write.ts'
import { bindScriptText, MAX_SCRIPT } from '../facts/script-text.ts'
import { isWindowsEvent } from '../facts/windows-event.ts'

export interface FreeText {
  /** the field that holds it, for `detail` */
  fieldName: string
  text: Field
  actor(event: SourceEvent): ProcessRef | undefined
  account(event: SourceEvent): AccountRef
}

/** A channel that a text names. */
export interface Reference {
  name: string
  /** the host where the serving end is, when the text says; '' is this one or unknown */
  host?: string
  /** where in the text */
  at: number
  /** `refer` when left out */
  act?: Observation['act']
  detail?: Record<string, string>
}

/** An event names at most this many channels of a kind; what follows is the same text again or noise. */
const MAX_REFERENCES = 8
/** Characters of the text around the name that go into `detail`. */
const EXCERPT = 400

/** Whose channels a text may name: pipes and COM are Windows's, sockets and FIFOs the others'. */
export type Platform = 'windows' | 'unix'

/** Which text events of this shape carry; undefined when none, or when they are of another platform. */
export function bindFreeText(shape: SourceShape, platform: Platform = 'windows'): FreeText | undefined {
  const isUnix = shape.is({ product: 'linux' }) || shape.is({ product: 'macos' })
  return isUnix === (platform === 'unix') ? freeText(shape) : undefined
}

const freeText = oncePerShape((shape): FreeText | undefined => {
  const text =
    commandLine(shape) ?? servicePath(shape) ?? registryImagePath(shape) ?? taskContent(shape) ?? script(shape)
  return text && { ...text, text: oncePerEvent(text.text) }
})

function commandLine(shape: SourceShape): FreeText | undefined {
  const is4688 = isWindowsEvent(shape, 'security', 4688)
  if (!is4688 && !isWindowsEvent(shape, 'sysmon', 1) && !shape.is({ category: 'process_creation' })) return undefined
  return {
    fieldName: 'CommandLine',
    text: field(shape, ['CommandLine', 'ProcessCommandLine'], MAX_SCRIPT),
    actor: processRef(shape, {
      guid: ['ProcessGuid'],
      pid: is4688 ? ['NewProcessId'] : ['ProcessId', 'ProcessID'],
      image: is4688 ? ['NewProcessName', 'Image'] : ['Image'],
      commandLine: ['CommandLine', 'ProcessCommandLine'],
    }),
    account: processAccount(shape),
  }
}

function servicePath(shape: SourceShape): FreeText | undefined {
  const is4697 = isWindowsEvent(shape, 'security', 4697)
  if (!is4697 && !isWindowsEvent(shape, 'service-control-manager', 7045)) return undefined
  const fieldName = is4697 ? 'ServiceFileName' : 'ImagePath'
  return {
    fieldName,
    text: field(shape, [fieldName], MAX_SCRIPT),
    actor: () => undefined,
    account: is4697 ? subjectAccount(shape) : accountRef(shape, { sid: ['UserID', 'Security_UserID'] }),
  }
}

/** What a service runs, as written to its key. */
function registryImagePath(shape: SourceShape): FreeText | undefined {
  const write = bindRegistryWrite(shape)
  if (!write || !hasField(shape, 'Details', 'NewValue')) return undefined
  return {
    fieldName: 'Details',
    text: (event) =>
      /\\services\\[^\\]+\\(?:imagepath|failurecommand)$/i.test(write.target(event) ?? '')
        ? write.details(event)
        : undefined,
    actor: actorRef(shape),
    account: write.account,
  }
}

function taskContent(shape: SourceShape): FreeText | undefined {
  if (!isWindowsEvent(shape, 'security', 4698, 4702)) return undefined
  return {
    fieldName: 'TaskContent',
    text: field(shape, ['TaskContent', 'TaskContentNew'], MAX_SCRIPT),
    actor: () => undefined,
    account: subjectAccount(shape),
  }
}

const SCRIPT_FIELDS: Readonly<Record<number, string>> = { 4104: 'ScriptBlockText', 4103: 'Payload', 800: 'Data' }

function script(shape: SourceShape): FreeText | undefined {
  const text = bindScriptText(shape)
  if (!text) return undefined
  return { fieldName: SCRIPT_FIELDS[text.eventId], text: text.text, actor: text.actor, account: text.account }
}

/**
 * Observations on the channels of a kind that `find` sees in the texts of such events. `mayName` is tried first: it must be cheap, and true for
 * every text in which `find` finds anything.
 */
export function bindReferences(
  shape: SourceShape,
  kind: ChannelKind,
  mayName: RegExp,
  find: (text: string) => Iterable<Reference>,
  platform: Platform = 'windows',
): ReadFacts | undefined {
  const source = bindFreeText(shape, platform)
  return source && readReferences(source, kind, mayName, find)
}

export function readReferences(
  source: FreeText,
  kind: ChannelKind,
  mayName: RegExp,
  find: (text: string) => Iterable<Reference>,
): ReadFacts {
  return (event, emit) => {
    const text = source.text(event)
    if (text === undefined || !mayName.test(text)) return
    const seen = new Set<string>()
    for (const reference of find(text)) {
      const key = `${reference.host ?? ''}|${reference.name}`.toLowerCase()
      if (seen.has(key)) continue
      seen.add(key)
      emit({
        kind: 'observation',
        ...factBase(event),
        channel: { kind, host: bounded(reference.host ?? '', 255), name: bounded(reference.name, MAX_NAME) },
        act: reference.act ?? 'refer',
        actor: source.actor(event),
        account: source.account(event),
        ...(reference.host && { peer: { host: bounded(reference.host, 255) } }),
        detail: { [source.fieldName]: excerpt(text, reference.at), ...reference.detail },
      })
      if (seen.size >= MAX_REFERENCES) return
    }
  }
}

/** The text around a place; the whole of it when it is short. */
export function excerpt(text: string, at: number): string {
  if (text.length <= EXCERPT) return text
  const start = Math.max(0, Math.min(at - EXCERPT / 4, text.length - EXCERPT))
  return `${start > 0 ? '…' : ''}${bounded(text.slice(start), Math.min(EXCERPT, MAX_TEXT))}`
}

/** Several readers of one event as one; undefined when there is none. */
export function together(...readers: readonly (ReadFacts | undefined)[]): ReadFacts | undefined {
  const present = readers.filter((reader) => reader !== undefined)
  if (present.length <= 1) return present[0]
  return (event, emit) => {
    for (const read of present) read(event, emit)
  }
}

/** A host that a text names: `.`, `localhost` and variables are not one. */
export function literalHost(text: string | undefined): string {
  const host = text?.trim().replace(/^["'\\]+|["']+$/g, '') ?? ''
  if (!/^[A-Za-z0-9][A-Za-z0-9._:-]{0,254}$/.test(host)) return ''
  return /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(host) ? '' : host
}
