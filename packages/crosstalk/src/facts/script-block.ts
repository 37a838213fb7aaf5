// Script text that speaks of inter-process communication or launches something. Parts of one block share `name`; joining them is the graph's work.
import type { FactExtractor } from './extractor.ts'
import { bounded, factBase, MAX_TEXT } from './field.ts'
import { bindScriptText } from './script-text.ts'

/** Words of channels: pipes, COM, WMI, DDE, mailslots, shared memory. */
const CHANNEL_WORDS =
  /pipe(?:client|server)?stream|\\pipe\\|-com(?:object)?\b|\bcomobject\b|gettypefrom(?:progid|clsid)|\bgetobject\b|createobject|createinstance|\[activator\]|\bdde(?:initiate|auto)?\b|\\mailslot\\|memorymappedfile|wmimethod|cimmethod|\[wmiclass\]|win32_process|shellexecute|executeshellcommand|registerxll|executeexcel4macro|impersonatenamedpipeclient/i
/** Words of launchers; script blocks only, since module logging repeats every pipeline. */
const LAUNCHER_WORDS =
  /frombase64string|\biex\b|invoke-expression|downloadstring|downloadfile|downloaddata|-enc(?:odedcommand)?\b|virtualalloc|writeprocessmemory|dllimport|new-service|register-scheduledtask|invoke-command|new-pssession|\bsc(?:\.exe)?\s+\\\\/i

export const scriptBlock: FactExtractor = {
  name: 'script-block',
  bind(shape) {
    const script = bindScriptText(shape)
    if (!script) return undefined
    const isBlock = script.eventId === 4104
    return (event, emit) => {
      const text = script.text(event)
      if (text === undefined) return
      const word = CHANNEL_WORDS.exec(text) ?? (isBlock ? LAUNCHER_WORDS.exec(text) : null)
      if (!word) return
      const detail: Record<string, string> = { text: window(text, word.index), eventId: String(script.eventId) }
      const path = script.path(event)
      if (path !== undefined) detail.Path = path
      const part = script.part(event)
      if (part !== undefined) detail.part = `${part} of ${script.parts(event) ?? '?'}`
      if (text.length > MAX_TEXT) detail.note = `cut: ${MAX_TEXT} of ${text.length} characters`
      emit({
        kind: 'effect',
        ...factBase(event),
        what: 'script-block',
        actor: script.actor(event),
        account: script.account(event),
        name: script.id(event) ?? `event ${script.eventId}`,
        detail,
      })
    }
  },
}

/** Of a long text the part around the word that made it tell. */
function window(text: string, at: number): string {
  if (text.length <= MAX_TEXT) return text
  const start = Math.max(0, Math.min(at - MAX_TEXT / 4, text.length - MAX_TEXT + 1))
  return `${start > 0 ? '…' : ''}${bounded(text.slice(start), start > 0 ? MAX_TEXT - 1 : MAX_TEXT)}`
}
