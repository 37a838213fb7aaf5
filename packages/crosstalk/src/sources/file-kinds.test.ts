import assert from 'node:assert/strict'
import { it } from 'node:test'
import { fileKind } from './file-kinds.ts'
import { sources } from './index.ts'
import { SAMPLE_INPUTS } from './sample-inputs.ts'

it('a file that nobody reads is told by its first bytes', () => {
  const kinds: [string, string | undefined][] = [
    ['regf\x01', 'a registry hive'],
    ['MZ\x90\0', 'a Windows program'],
    ['\0\0\0\0LfLe', 'an event log of Windows XP or 2003 (.evt); save it as .evtx on a newer Windows'],
    ['title: x\ndetection:\n  a: b\n', 'a Sigma rule; give it with --rules'],
    ['<html>', 'a web page'],
    ['{"a":1}', 'JSON, but not of a tool that is known'],
    ['hello', 'text'],
    ['\0\x01\x02', undefined],
    ['', undefined],
  ]
  for (const [head, kind] of kinds) assert.equal(fileKind(Buffer.from(head, 'latin1')), kind, head)
})

it('no magic number is that of a source', () => {
  for (const { format } of sources) {
    const kind = fileKind(SAMPLE_INPUTS.get(format)!().bytes) ?? 'text'
    assert.match(kind, /^(?:text|JSON|XML)/, `${format} would be ${kind}`)
  }
})
