// The text of PowerShell: script blocks (4104), module logging (4103), pipeline execution (Windows PowerShell 800), with who ran it.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { accountRef, parseAccount } from './account-ref.ts'
import type { AccountRef, ProcessRef } from './fact.ts'
import { bounded, type Field, field, MAX_TEXT } from './field.ts'
import { oncePerEvent, oncePerShape } from './once-per-event.ts'
import { parsePid } from './process-ref.ts'
import { windowsEvent } from './windows-event.ts'

/** How much of a script is looked at; longer ones are cut here, and facts about them hold MAX_TEXT. */
export const MAX_SCRIPT = 32_768

export interface ScriptText {
  /** 4104, 4103 or 800 */
  eventId: number
  text: Field
  /** id of the script block, which joins its parts */
  id: Field
  path: Field
  part: Field
  parts: Field
  actor(event: SourceEvent): ProcessRef
  account(event: SourceEvent): AccountRef
}

export const bindScriptText = oncePerShape((shape: SourceShape): ScriptText | undefined => {
  const windows = windowsEvent(shape)
  if (!windows) return undefined
  const isScript =
    (windows.log === 'powershell' && (windows.id === 4104 || windows.id === 4103)) ||
    (windows.log === 'powershell-classic' && windows.id === 800)
  if (!isScript) return undefined
  const isPipeline = windows.id === 800
  const whole = isPipeline
    ? pipelineText(shape)
    : field(shape, windows.id === 4104 ? ['ScriptBlockText'] : ['Payload'], MAX_SCRIPT)
  const text = oncePerEvent(isPipeline ? (event) => withoutHost(whole(event)) : whole)
  const pid = field(shape, ['ExecutionProcessID', 'Execution_ProcessID', 'ExecutionProcessId'], 32)
  const context = field(shape, ['ContextInfo'], MAX_TEXT)
  const header = accountRef(shape, { name: ['AccountName'], domain: ['Domain'], sid: ['UserID', 'Security_UserID'] })
  return {
    eventId: windows.id,
    text,
    id: field(shape, ['ScriptBlockId'], 64),
    path: field(shape, ['Path']),
    part: field(shape, ['MessageNumber'], 16),
    parts: field(shape, ['MessageTotal'], 16),
    actor(event) {
      const number = parsePid(pid(event))
      const line = isPipeline
        ? contextValue(whole(event), 'HostApplication=')
        : contextValue(context(event), 'Host Application = ')
      return { ...(number && { pid: number }), ...(line && { commandLine: line }) }
    },
    account(event) {
      const named = parseAccount(
        isPipeline ? contextValue(whole(event), 'UserId=') : contextValue(context(event), 'User = '),
      )
      return { ...header(event), ...named }
    },
  }
})

/** 800 keeps its strings in unnamed Data elements, which sources show as a list; collectors without them have the rendered message. */
function pipelineText(shape: SourceShape): Field {
  const slot =
    ['Data', 'EventData.Data', 'Details', 'Message'].map((name) => shape.slot(name)).find((one) => one >= 0) ?? -1
  return (event) => {
    const value = event.value(slot)
    const text = Array.isArray(value) ? value.filter((one) => typeof one === 'string').join('\n') : event.text(slot)
    return text === undefined || text === '' ? undefined : bounded(text, MAX_SCRIPT)
  }
}

/** 800 repeats its host's command line, often long and encoded, in every event: it tells of the process, not of this pipeline. */
function withoutHost(text: string | undefined): string | undefined {
  const start = text?.indexOf('HostApplication=') ?? -1
  if (text === undefined || start < 0) return text
  const end = text.indexOf('\n', start)
  return text.slice(0, start) + (end < 0 ? '' : text.slice(end + 1))
}

/** The rest of the line behind `label`: `User = …` of 4103's ContextInfo, `UserId=…` of 800's second string. */
function contextValue(context: string | undefined, label: string): string | undefined {
  if (context === undefined) return undefined
  const at = context.indexOf(label)
  if (at < 0) return undefined
  const start = at + label.length
  const end = context.indexOf('\n', start)
  const value = bounded(context.slice(start, end < 0 ? undefined : end).trim(), MAX_TEXT)
  return value === '' ? undefined : value
}
