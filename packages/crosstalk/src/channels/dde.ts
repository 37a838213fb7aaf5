// Dynamic Data Exchange: no Windows log records a conversation. What can be seen: Office started as its server (`/dde`), formulas and fields in command
// lines and scripts, verbs that are served by DDE, and the settings that allow or forbid it. That Office started a program is lineage, not an
// observation here: a macro looks the same.
import type { SourceShape } from '../events/event.ts'
import type { FactExtractor, ReadFacts } from '../facts/extractor.ts'
import { factBase } from '../facts/field.ts'
import { baseName } from '../facts/process-ref.ts'
import { bindRegistryWrite } from '../facts/registry-write.ts'
import { bindReferences, type Reference, together } from './free-text.ts'

export const dde: FactExtractor = {
  name: 'dde',
  bind: (shape) => together(bindSetting(shape), bindReferences(shape, 'dde', /dde|\|\s*['"]/i, ddeReferences)),
}

/** Office's settings: advisory ADV170021 and its Office updates; values are DWORDs. ddeexec: "Launching applications with DDE" (Microsoft). */
const SETTINGS =
  /\\((?:allowdde|ddeallowed|ddecleaned|disableddeserverlaunch|disableddeserverlookup|dontupdatelinks|workbooklinkwarnings|fnocalclinksonopen_90_1)|(shell\\[^\\]+\\ddeexec(?:\\[^\\]+)*))$/i
const OFFICE_PROGRAM = /\\(word|excel|outlook|powerpoint|access|onenote)\\/i

function bindSetting(shape: SourceShape): ReadFacts | undefined {
  const write = bindRegistryWrite(shape)
  if (!write) return undefined
  return (event, emit) => {
    const target = write.target(event)
    const setting = target === undefined ? null : SETTINGS.exec(target)
    if (!target || !setting) return
    const program = OFFICE_PROGRAM.exec(target)?.[1]
    const details = write.details(event)
    // Installers write an empty ddeexec to say that their program does not use DDE.
    if (setting[2] !== undefined && (details === undefined || details === '(Empty)')) return
    const means = meaning(setting[1], details)
    const how = write.operation(event)
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'dde', host: event.host, name: program ? `${program} ${setting[1]}` : setting[1] },
      act: 'configure',
      actor: write.actor(event),
      account: write.account(event),
      detail: {
        TargetObject: target,
        ...(details && { Details: details }),
        ...(how && { EventType: how }),
        ...(means && { means }),
      },
    })
  }
}

/** The value at which a setting lets DDE work (ADV170021): 0 or not 0. WorkbookLinkWarnings 2 keeps links from being updated. */
const ALLOWS: ReadonlyMap<string, (value: number) => boolean> = new Map([
  ['allowdde', (value) => value !== 0],
  ['ddeallowed', (value) => value !== 0],
  ['disableddeserverlaunch', (value) => value === 0],
  ['disableddeserverlookup', (value) => value === 0],
  ['dontupdatelinks', (value) => value === 0],
  ['workbooklinkwarnings', (value) => value !== 2],
])

/** `allows` or `restricts`, where the value tells. */
function meaning(setting: string, details: string | undefined): string | undefined {
  const value = /^(?:DWORD \()?(0x[0-9a-f]{1,8}|\d{1,10})\)?$/i.exec(details ?? '')?.[1]
  const allows = value === undefined ? undefined : ALLOWS.get(setting.toLowerCase())?.(Number(value))
  return allows === undefined ? undefined : allows ? 'allows' : 'restricts'
}

/** Field codes (DDEAUTO, DDE), spreadsheet formulas `=server|'topic'!item`, the .NET and script calls, and Office's own switch. */
const FIELD_CODE = /\b(DDEAUTO|DDE)\s+["'“]?([\w.:\\/%-]{1,260})/g
const FORMULA = /(?<![\w)])[=+\-@]\s*([A-Za-z][\w.]{0,40})\s*\|\s*'([^'\r\n]{1,400})'\s*!/g
const CALL = /\b(DDEInitiate|DDEExecute|DDEPoke|DdeConnect|DdeClientTransaction)\b/gi
const SERVER_SWITCH = /\\(winword|excel|powerpnt|msaccess|outlook)\.exe"?\s[^|]{0,200}?[-/]dde\b/gi

function* ddeReferences(text: string): Generator<Reference> {
  for (const match of text.matchAll(FORMULA)) yield { name: match[1], at: match.index, detail: { topic: match[2] } }
  for (const match of text.matchAll(FIELD_CODE))
    yield { name: baseName(match[2]), at: match.index, detail: { field: match[1] } }
  for (const match of text.matchAll(CALL)) yield { name: match[1], at: match.index }
  for (const match of text.matchAll(SERVER_SWITCH))
    yield { name: `${match[1].toLowerCase()}.exe`, at: match.index, act: 'listen' }
}
