// What a Base64-encoded PowerShell command says. It is read, never run.

/** Longer results are cut: a case shows what was asked, the record has it whole. */
const MAX_DECODED = 4096
/** `-EncodedCommand` and every abbreviation of it that PowerShell takes (`-e`, `-ec`, `-enc` …), with any of its dashes (about_PowerShell_exe). */
const ENCODED =
  /\s[-/–—―](?:e|ec|en(?:c(?:o(?:d(?:e(?:d(?:c(?:o(?:m(?:m(?:a(?:nd?)?)?)?)?)?)?)?)?)?)?)?)\s+["']?([A-Za-z0-9+/]{16,}={0,2})/i
/** `[Convert]::FromBase64String('…')` with the text in the command itself. */
const IN_SCRIPT = /frombase64string\(\s*["']([A-Za-z0-9+/]{16,}={0,2})["']/i

/**
 * The text of an encoded command: UTF-16LE as `-EncodedCommand` takes it, or UTF-8 from a script's own Base64. Undefined when there is none or it is no text
 * (a compressed or binary payload). Control characters stay as they are: who shows it makes them visible.
 */
export function decodedCommand(commandLine: string | undefined): string | undefined {
  if (!commandLine) return undefined
  const given = ENCODED.exec(commandLine)?.[1]
  if (given !== undefined) return readable(Buffer.from(given, 'base64').toString('utf16le'))
  const inScript = IN_SCRIPT.exec(commandLine)?.[1]
  if (inScript === undefined) return undefined
  const bytes = Buffer.from(inScript, 'base64')
  return readable(bytes.toString('utf8')) ?? readable(bytes.toString('utf16le'))
}

/** Text of which all but a few characters are what commands are written in; undefined for anything else. */
function readable(text: string): string | undefined {
  const shown = text.length > MAX_DECODED ? `${text.slice(0, MAX_DECODED - 1)}…` : text
  if (shown.length < 4) return undefined
  let odd = 0
  for (let at = 0; at < shown.length; at++) {
    const code = shown.charCodeAt(at)
    const plain = (code >= 0x20 && code < 0x7f) || code === 9 || code === 10 || code === 13
    if (!plain) odd++
  }
  return odd / shown.length <= 0.1 ? shown : undefined
}
