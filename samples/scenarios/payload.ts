// What the attacks run is harmless: it prints a line.

export const HARMLESS = 'Get-Date | Out-Null'

/** As powershell -EncodedCommand takes it: UTF-16LE in Base64. */
export function encoded(script: string): string {
  return Buffer.from(script, 'utf16le').toString('base64')
}
