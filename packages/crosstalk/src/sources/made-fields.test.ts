// Fields of Sigma's that Security events have in other words: the same from every form in which such an event comes.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { writeEvtx } from '@crosstalk/evtx'
import { evtx } from './evtx/index.ts'
import { readAll } from './reading.ts'
import { windowsJson } from './windows-json/windows-json.ts'
import { windowsXml } from './windows-xml/windows-xml.ts'

const provider = 'Microsoft-Windows-Security-Auditing'
const time = '2024-05-14T09:00:00.000Z'
type Data = Record<string, string>

const FORMS: Record<string, (eventId: number, data: Data) => ReturnType<typeof readAll>> = {
  EVTX: (eventId, eventData) =>
    readAll(
      evtx,
      Buffer.from(
        writeEvtx([{ provider, channel: 'Security', computer: 'WS1', time: new Date(time), eventId, eventData }]),
      ),
    ),
  'flat JSON': (EventID, data) =>
    readAll(
      windowsJson,
      JSON.stringify({ EventID, Channel: 'Security', SourceName: provider, EventTime: time, ...data }),
    ),
  Winlogbeat: (event_id, event_data) =>
    readAll(
      windowsJson,
      JSON.stringify({
        '@timestamp': time,
        winlog: { event_id, channel: 'Security', provider_name: provider, event_data },
      }),
    ),
  XML: (id, data) => {
    const fields = Object.entries(data).map(([name, value]) => `<Data Name='${name}'>${value}</Data>`)
    return readAll(
      windowsXml,
      `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='${provider}'/><EventID>${id}</EventID><TimeCreated SystemTime='${time}'/><Channel>Security</Channel><Computer>WS1</Computer></System><EventData>${fields.join('')}</EventData></Event>`,
    )
  },
}

for (const [form, read] of Object.entries(FORMS)) {
  const field = async (id: number, data: Data, name: string) => (await read(id, data)).events[0].field(name)
  describe(`a Security event as ${form}`, () => {
    test('4657: TargetObject is key and value name, as Sysmon writes them', async () => {
      const target = (ObjectName: string, ObjectValueName: string) =>
        field(4657, { ObjectName, ObjectValueName, NewValue: '1' }, 'TargetObject')
      assert.equal(await target('\\REGISTRY\\MACHINE\\SOFTWARE\\X', 'AllowDDE'), 'HKLM\\SOFTWARE\\X\\AllowDDE')
      assert.equal(await target('\\REGISTRY\\USER\\S-1-5-21-1\\X', 'V'), 'HKU\\S-1-5-21-1\\X\\V')
    })
    test('5156: Initiated is whether this host opened the connection', async () => {
      const initiated = (Direction: string) => field(5156, { Application: 'a.exe', Direction }, 'Initiated')
      assert.equal(await initiated('%%14593'), 'true')
      assert.equal(await initiated('%%14592'), 'false')
      assert.equal(await initiated('Outbound'), 'true')
      assert.equal(await initiated('%%1'), undefined)
    })
    test('of another id has neither', async () => {
      assert.equal(await field(4624, { Direction: '%%14593' }, 'Initiated'), undefined)
      assert.equal(await field(4656, { ObjectName: 'x', ObjectValueName: 'y' }, 'TargetObject'), undefined)
    })
  })
}
