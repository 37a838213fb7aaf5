import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rawLog } from '../test/raw-log.ts'
import { read } from '../test/reading.ts'
import { SERVICE } from '../test/samples.ts'
import { writeEvtx } from './index.ts'

const xml = (log: Uint8Array) => read(log, (record) => record.toXml()).records

describe('XML', () => {
  it('is what Windows writes, in one line', () => {
    assert.deepEqual(xml(writeEvtx([{ ...SERVICE, eventData: { A: `<&>"'`, B: null, C: ['x', 'y'] } }])), [
      '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Service Control Manager"/>' +
        '<EventID Qualifiers="16384">7045</EventID><Version>0</Version><Level>4</Level><Task>0</Task><Opcode>0</Opcode>' +
        '<Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime="2024-01-02T03:04:06.0000000Z"/><EventRecordID>1</EventRecordID>' +
        '<Correlation/><Execution ProcessID="4" ThreadID="0"/><Channel>System</Channel><Computer>WS1</Computer><Security/></System>' +
        `<EventData><Data Name="A">&lt;&amp;&gt;"'</Data><Data Name="B"></Data><Data Name="C">x</Data><Data Name="C">y</Data></EventData></Event>`,
    ])
  })

  it('keeps references, CDATA and processing instructions, and replaces what XML can not hold', () => {
    const log = rawLog((w) => {
      w.header().open('E', { a: `"'<\u0001` })
      w.text('x\u0002').u8(0x0a).name('pi').u8(0x0b).u16(1).units('d')
      w.close().u8(0)
    })
    assert.deepEqual(xml(log), ['<E a="&quot;&apos;&lt;_">x_<?pi d?></E>'])
  })
})
