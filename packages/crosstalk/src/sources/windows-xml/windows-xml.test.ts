import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { readAll } from '../reading.ts'
import { parseEventXml } from './event-xml.ts'
import { windowsXml } from './windows-xml.ts'

const event = (id: number, data: string, rest = ''): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625}'/><EventID Qualifiers='0'>${id}</EventID><Version>2</Version><Level>0</Level><Task>13312</Task><Opcode>0</Opcode><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2020-08-05T06:09:27.568123400Z'/><EventRecordID>77</EventRecordID><Correlation ActivityID='{1}'/><Execution ProcessID='4' ThreadID='8'/><Channel>Security</Channel><Computer>WS1.corp.example</Computer><Security UserID='S-1-5-18'/></System><EventData>${data}</EventData>${rest}</Event>`
const DATA =
  "<Data Name='NewProcessName'>C:\\cmd.exe</Data><Data Name='CommandLine'>a &lt;&amp;&#x3e; &quot;b&quot;</Data><Data Name='Empty'/>"

describe('event XML', () => {
  test('is an event of its channel, with Sigma’s names', async () => {
    const { events, skips } = await readAll(
      windowsXml,
      event(
        4688,
        DATA,
        "<RenderingInfo Culture='en-US'><Message>A new process</Message><Level>Information</Level></RenderingInfo>",
      ),
    )
    assert.deepEqual(skips, [])
    const [one] = events
    assert.deepEqual(
      [one.time, one.host, one.recordId, one.channel, one.eventId, one.logSources],
      ['2020-08-05T06:09:27.568123Z', 'WS1.corp.example', 77, 'Security', 4688, 'process_creation security'],
    )
    assert.deepEqual(
      ['Image', 'CommandLine', 'Empty', 'Provider_Name', 'Execution_ProcessID', 'Level', 'Message'].map(one.field),
      ['C:\\cmd.exe', 'a <&> "b"', '', 'Microsoft-Windows-Security-Auditing', '4', '0', 'A new process'],
    )
  })
  test('as a document, one a line, behind a syslog prefix, pretty-printed: each event is found, and its bytes', async () => {
    const texts = [1, 2, 3].map((id) => event(id, DATA))
    for (const text of [
      `<?xml version="1.0" encoding="utf-8"?>\r\n<Events>${texts.join('')}</Events>\r\n`,
      texts.join('\n'),
      texts.map((one) => `Aug  5 06:09:27 ws1 ${one}`).join('\n'),
      texts.join('').replaceAll('><', '>\n  <'),
    ]) {
      assert.ok(windowsXml.detect(Buffer.from(text), 'x') >= 0.6)
      const { events } = await readAll(windowsXml, text)
      assert.deepEqual(
        events.map(({ eventId }) => eventId),
        [1, 2, 3],
      )
      for (const { offset, length } of events)
        assert.match(text.slice(offset, offset + length), /^<Event .*<\/Event>$/s)
    }
  })
  test('in UTF-16 is read too', async () => {
    for (const mark of ['\ufeff', '']) {
      const bytes = Buffer.from(
        `${mark}<Events>${event(1, DATA)}${event(2, "<Data Name='x'>é\u3c00\u4500</Data>")}</Events>`,
        'utf16le',
      )
      for (const encoded of [bytes, Buffer.from(bytes).swap16()]) {
        assert.ok(windowsXml.detect(encoded, 'x') > 0.9)
        const { events } = await readAll(windowsXml, encoded)
        assert.deepEqual(
          events.map(({ eventId }) => eventId),
          [1, 2],
        )
        assert.equal(events[1].fields.x, 'é\u3c00\u4500')
      }
    }
  })
  test('data without names is Data, and has names where the event is known', async () => {
    const text = event(400, '<Data>a</Data><Data>b</Data>')
      .replace('Microsoft-Windows-Security-Auditing', 'PowerShell')
      .replace('>Security<', '>Windows PowerShell<')
    const [one] = (await readAll(windowsXml, text)).events
    assert.equal(one.fields.Data, '["a","b"]')
    const inserts = ['f', '7', 'i', 'tcp', 'e', '10.0.0.5', 'uuid', '12', 'S-1', 'l', 's']
    const rpc = event(3, inserts.map((text) => `<Data>${text}</Data>`).join(''))
      .replace('Microsoft-Windows-Security-Auditing', 'RPCFW')
      .replace('>Security<', '>RPCFW<')
    const [firewall] = (await readAll(windowsXml, rpc)).events
    assert.deepEqual(['InterfaceUuid', 'OpNum', 'EventLog'].map(firewall.field), ['uuid', '12', 'RPCFW'])
  })
  test('leaves of UserData are fields', () => {
    const { data } = parseEventXml(
      "<Event><UserData><x:Op xmlns:x='u'><Consumer>c</Consumer><Inner><Query>q</Query></Inner></x:Op></UserData></Event>",
    )
    assert.deepEqual(data, [
      ['Consumer', 'c'],
      ['Query', 'q'],
    ])
  })
  test('parts alone are read: EventData of a database column', () => {
    assert.deepEqual(parseEventXml("<EventData><Data Name='a'>1</Data></EventData>").data, [['a', '1']])
  })
})

describe('hostile XML', () => {
  test('defines no entities and opens no files', () => {
    const { data } = parseEventXml(
      `<!DOCTYPE Event [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "yy">]><Event><EventData><Data Name="a">&x;&y;&amp;</Data></EventData></Event>`,
    )
    assert.deepEqual(data, [['a', '&x;&y;&']])
  })
  test('takes CDATA and comments for what they are', () => {
    const { data } = parseEventXml(
      '<Event><EventData><!-- <Data Name="b">no</Data> --><Data Name="a"><![CDATA[<x>&amp;]]></Data></EventData></Event>',
    )
    assert.deepEqual(data, [['a', '<x>&amp;']])
  })
  test('without its end is skipped, and reading goes on behind it', async () => {
    const broken = event(1, DATA).slice(0, 300)
    const { events, skips } = await readAll(windowsXml, `${broken}\n${event(2, DATA)}${event(3, DATA).slice(0, 100)}`)
    assert.deepEqual(
      events.map(({ eventId }) => eventId),
      [2],
    )
    assert.deepEqual(
      skips.map(({ reason, offset }) => [reason, offset]),
      [
        ['event without its end', 0],
        ['event without its end', 301 + event(2, DATA).length],
      ],
    )
  })
  test('whose elements do not close as they opened is skipped', async () => {
    const { skips } = await readAll(windowsXml, event(1, '<Data></Other></Data>'))
    assert.deepEqual(
      skips.map(({ reason }) => reason),
      ['broken event XML'],
    )
  })
  test('nested without end, or with a million attributes, is read in bounded time', () => {
    parseEventXml('<a>'.repeat(200_000))
    parseEventXml(`<Event ${'a="b" '.repeat(200_000)}><System/></Event>`)
    parseEventXml('<'.repeat(200_000))
    parseEventXml(`<Event${' '.repeat(200_000)}`)
    parseEventXml('&#99999999;&#x110000;&unknown;')
  })
  test('property: ranges share all events', async () => {
    const text = Buffer.from(`<Events>\n${[1, 2, 3, 4].map((id) => event(id, DATA)).join('\n')}\n</Events>`)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: text.length - 1 }), async (cut) => {
        const first = await readAll(windowsXml, text, { range: { start: 0, end: cut } })
        const second = await readAll(windowsXml, text, { range: { start: cut, end: text.length } })
        assert.deepEqual(
          [...first.events, ...second.events].map(({ eventId }) => eventId),
          [1, 2, 3, 4],
        )
      }),
    )
  })
})

describe('detect', () => {
  test('says no to other XML, and to Sysmon for Linux, which is another source’s', () => {
    for (const text of [
      '',
      '<html/>',
      '<Events></Events>',
      '<Event><x/></Event>',
      event(1, DATA).replace('Microsoft-Windows-Security-Auditing', 'Linux-Sysmon'),
    ])
      assert.equal(windowsXml.detect(Buffer.from(text), 'x.xml'), 0)
  })
})
