import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rawLog, type TokenWriter, utf16 } from '../test/raw-log.ts'
import { read, readJson } from '../test/reading.ts'
import { EVERY_TYPE, SERVICE, SYSMON, sampleLog } from '../test/samples.ts'
import { JsonOutput, readEvtxSync, writeEvtx } from './index.ts'

const dataOf = (json: string): string => /"EventData":(.*)\}\}$/.exec(json)?.[1] ?? ''

describe('JSON', () => {
  it('has System and EventData, attributes under #attributes', () => {
    assert.deepEqual(readJson(writeEvtx([SYSMON])), [
      '{"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},"System":{"Provider":{"#attributes":' +
        '{"Name":"Microsoft-Windows-Sysmon","Guid":"{5770385f-c22a-43e0-bf4c-06f5698ffbd9}"}},"EventID":1,"Version":5,"Level":4,"Task":0,' +
        '"Opcode":0,"Keywords":"0x8000000000000000","TimeCreated":{"#attributes":{"SystemTime":"2024-01-02T03:04:05.6789010Z"}},' +
        '"EventRecordID":1,"Correlation":{"#attributes":{"ActivityID":"{5770385f-c22a-43e0-bf4c-06f5698ffbd9}"}},"Execution":{"#attributes":' +
        '{"ProcessID":2000,"ThreadID":3000}},"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"WS1.example.test","Security":' +
        '{"#attributes":{"UserID":"S-1-5-18"}}},"EventData":{"UtcTime":"2024-01-02 03:04:05.678","ProcessGuid":' +
        '"{5770385f-c22a-43e0-bf4c-06f5698ffbd9}","ProcessId":4711,"Image":"C:\\\\Windows\\\\System32\\\\cmd.exe","CommandLine":' +
        '"cmd /c \\"echo \u00e4\u20ac\u{1f600}\\t\\u0001 > x\\""}}}',
    ])
  })

  it('prints every type, whole numbers and booleans without quotes', () => {
    assert.equal(
      dataOf(readJson(writeEvtx([EVERY_TYPE]))[0]),
      '{"Text":"text","Empty":"","Nothing":"","Ansi":"plain","Int8":-1,"UInt8":255,"Int16":-300,"UInt16":65535,"Int32":-70000,' +
        '"UInt32":4294967295,"Int64":-5000000000,"UInt64":18446744073709551615,"Real32":"0.1","Real64":"1.5","Bool":true,' +
        '"Binary":"0001FEFF","Guid":"{5770385f-c22a-43e0-bf4c-06f5698ffbd9}","Pointer":"0x7ffe0000","Time":"2020-02-29T12:00:00.0000000Z",' +
        '"Sid":"S-1-5-21-1-2-3-500","Hex32":"0x3e7","Hex64":"0x8020000000000000","List":["one","two",""]}',
    )
  })

  it('lists unnamed Data, and puts text beside attributes', () => {
    const [json] = readJson(writeEvtx([SERVICE]))
    assert.equal(dataOf(json), '{"Data":{"#text":["svc","C:\\\\x.exe",3]}}')
    assert.ok(json.includes('"EventID":{"#attributes":{"Qualifiers":16384},"#text":7045}'))
  })

  it('spreads an array in the only unnamed Data, and leaves one item alone', () => {
    const of = (list: string[]) => dataOf(readJson(writeEvtx([{ ...SERVICE, eventData: [list] }]))[0])
    assert.equal(of(['a', 'b']), '{"Data":{"#text":["a","b"]}}')
    assert.equal(of(['a']), '{"Data":{"#text":"a"}}')
    assert.equal(of([]), '{"Data":{"#text":""}}')
  })

  it('escapes what JSON must, controls with upper-case digits', () => {
    const all = Array.from({ length: 0x2f }, (_, i) => String.fromCharCode(i + 1)).join('')
    const [json] = readJson(writeEvtx([{ ...SYSMON, eventData: { All: `${all}\\\u007f\ud800x` } }]))
    assert.equal(
      dataOf(json),
      '{"All":"\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000B\\f\\r\\u000E\\u000F\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015' +
        '\\u0016\\u0017\\u0018\\u0019\\u001A\\u001B\\u001C\\u001D\\u001E\\u001F !\\"#$%&\'()*+,-./\\\\\u007f\ufffdx"}',
    )
  })

  it('writes strings of every length and mixture alike by both ways', () => {
    const pieces = ['a', '\\', '"', '\u00e4', '\u20ac', '\u{1f600}', '\n', 'bcdef']
    const eventData: Record<string, string> = {}
    for (let length = 0; length < 40; length++)
      for (let piece = 0; piece < pieces.length; piece++)
        eventData[`f${length}_${piece}`] = 'x'.repeat(length) + pieces[piece] + pieces[(piece + length) % pieces.length]
    assert.deepEqual(JSON.parse(dataOf(readJson(writeEvtx([{ ...SYSMON, eventData }]))[0])), eventData)
  })

  it('numbers what is repeated, apart from Data of one name in a row', () => {
    const define = (w: TokenWriter) => {
      const data = (name: string, slot: number) => w.open('Data', { Name: name }, 0xffff).substitution(slot, 1).close()
      w.open('Event', {}, 0xffff).open('EventData', {}, 0xffff)
      data('A', 0)
      data('B', 1)
      data('A', 2)
      data('A', 3)
      w.close().open('X', {}, 0xffff).close().open('X', {}, 0xffff).close().close()
    }
    const log = rawLog((w) =>
      w
        .header()
        .instance(
          define,
          ['1', '2', '3', '4'].map((text) => [1, utf16(text)]),
        )
        .u8(0),
    )
    assert.deepEqual(readJson(log), ['{"Event":{"EventData":{"A":"1","B":"2","A_1":["3","4"]},"X":null,"X_1":null}}'])
  })

  it('leaves out an element that depends on a null, and keeps one that is empty', () => {
    const define = (w: TokenWriter) =>
      w
        .open('Event', {}, 0xffff)
        .open('Gone', {}, 0)
        .substitution(0, 1)
        .close()
        .open('Empty', {}, 1)
        .substitution(1, 1)
        .close()
        .open('Parent', {}, 0xffff)
        .open('Child', {}, 0)
        .close()
        .close()
        .close()
    const log = rawLog((w) =>
      w
        .header()
        .instance(define, [
          [0, new Uint8Array(0)],
          [1, new Uint8Array(0)],
        ])
        .u8(0),
    )
    assert.deepEqual(readJson(log), ['{"Event":{"Empty":null,"Parent":null}}'])
  })

  it('repeats an element for each item of an array in it', () => {
    const define = (w: TokenWriter) =>
      w
        .open('Event', {}, 0xffff)
        .open('Apps', {}, 0xffff)
        .open('App', {}, 0xffff)
        .substitution(0, 0x81)
        .close()
        .close()
        .close()
    const log = rawLog((w) =>
      w
        .header()
        .instance(define, [[0x81, utf16('x\0y\0\0')]])
        .u8(0),
    )
    assert.deepEqual(readJson(log), ['{"Event":{"Apps":{"App":"x","App_1":"y","App_2":null}}}'])
  })

  it('takes whole units of a text only', () => {
    const define = (w: TokenWriter) =>
      w.open('Event', {}, 0xffff).open('X', {}, 0xffff).substitution(0, 1).close().close()
    const log = rawLog((w) =>
      w
        .header()
        .instance(define, [[1, Uint8Array.of(0x61, 0, 0x62, 0, 0, 0, 0x63)]])
        .u8(0),
    )
    const sizes: number[] = []
    readEvtxSync(
      log,
      {},
      (record) => sizes.push(record.ends[0] - record.starts[0]),
      () => {},
    )
    assert.deepEqual(sizes, [4])
  })

  it('reads records without a template, with references, CDATA and several texts', () => {
    const log = rawLog((w) => {
      w.header().open('Event').open('System').element('EventID', '4104', { Qualifiers: '7' }).close().open('EventData')
      w.open('Data', { Name: 'Script' }).text('a')
      w.u8(0x49).name('lt')
      w.u8(0x48).u16(0x20ac)
      w.u8(0x47).u16(3).units('<b>')
      w.u8(0x09).name('unknown')
      w.close().element('Data', '', { Name: 'Empty' }).close().close().u8(0)
    })
    assert.deepEqual(readJson(log), [
      '{"Event":{"System":{"EventID":{"#attributes":{"Qualifiers":"7"},"#text":"4104"}},"EventData":{"Script":"a<€<b>&unknown;","Empty":""}}}',
    ])
  })

  it('makes both roots of an embedded fragment members', () => {
    const define = (w: TokenWriter) =>
      w.open('Event', {}, 0xffff).open('A', {}, 0xffff).close().substitution(0, 0x21).close()
    const log = rawLog((w) => {
      w.header().u8(0x0c, 1).u32(1)
      w.u32(w.at + 4)
      w.u32(0)
      w.at += 16
      const sizeAt = w.at
      w.u32(0).header()
      define(w)
      w.u8(0)
      w.view.setUint32(sizeAt, w.at - sizeAt - 4, true)
      w.u32(1)
      const descriptor = w.at
      w.u16(0).u8(0x21, 0)
      const start = w.at
      w.header().open('UserData').element('P', 'q').close().element('RenderingInfo', 'r').u8(0)
      w.view.setUint16(descriptor, w.at - start, true)
    })
    assert.deepEqual(readJson(log), ['{"Event":{"A":null,"UserData":{"P":"q"},"RenderingInfo":"r"}}'])
  })

  it('gives objects whose large whole numbers are exact', () => {
    const [object] = read(writeEvtx([EVERY_TYPE]), (record) => record.toObject()).records
    const event = object.Event as { EventData: Record<string, unknown> }
    assert.equal(event.EventData.UInt64, 18446744073709551615n)
    assert.equal(event.EventData.Int32, -70000)
  })

  it('gathers lines for an output, and keeps two outputs apart', () => {
    const text = { a: '', b: '' }
    const decoder = new TextDecoder()
    const a = new JsonOutput((bytes) => {
      text.a += decoder.decode(bytes)
    })
    const b = new JsonOutput((bytes) => {
      text.b += decoder.decode(bytes)
    })
    const { records } = read(sampleLog(), (record) => {
      a.writeText('€ ')
      record.writeJson(a)
      a.writeByte(10)
      record.writeJson(b)
      b.writeByte(10)
      return record.toJson()
    })
    a.flush()
    b.flush()
    assert.equal(text.a, records.map((line) => `€ ${line}\n`).join(''))
    assert.equal(text.b, records.map((line) => `${line}\n`).join(''))
  })
})
