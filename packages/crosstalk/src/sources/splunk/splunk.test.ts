import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ReadEvent, readAll } from '../reading.ts'
import { syslog } from '../syslog/syslog.ts'
import { classicText, splunkCsvSample, splunkJsonSample, windowsTextSample } from './sample-input.ts'
import { splunkCsv, splunkJson } from './splunk.ts'
import { windowsEventText } from './winevent-text.ts'

const pick = (event: ReadEvent, ...names: string[]) => names.map((name) => event.field(name))
const result = (_raw: string, rest: object = {}) =>
  JSON.stringify({ result: { _raw, _time: '2024-05-14T09:00:00.000+00:00', host: 'h', sourcetype: 's', ...rest } })

const STARTED = `05/14/2024 09:00:00 AM
LogName=Security
SourceName=Microsoft Windows security auditing.
EventCode=4688
EventType=0
Type=Information
ComputerName=WS1.corp.example
TaskCategory=Process Creation
OpCode=Info
RecordNumber=77
Keywords=Audit Success
Message=A new process has been created.

Creator Subject:
\tSecurity ID:\t\tS-1-5-21-1
\tAccount Name:\t\tbob
\tAccount Domain:\t\tCORP
\tLogon ID:\t\t0x3E7

Target Subject:
\tSecurity ID:\t\tS-1-0-0
\tAccount Name:\t\t-
\tAccount Domain:\t\t-
\tLogon ID:\t\t0x0

Process Information:
\tNew Process ID:\t\t0x1e4
\tNew Process Name:\tC:\\Windows\\System32\\mmc.exe
\tToken Elevation Type:\t%%1936
\tMandatory Label:\t\tS-1-16-12288
\tCreator Process ID:\t0x11f0
\tCreator Process Name:\tC:\\Windows\\System32\\svchost.exe
\tProcess Command Line:\tmmc.exe  -Embedding

Token Elevation Type indicates the type of token that was assigned to the new process.`

describe('Splunk’s results', () => {
  it('are the events that _raw holds, XML or text, from JSON and CSV alike', async () => {
    for (const [source, text] of [
      [splunkJson, splunkJsonSample()],
      [splunkCsv, splunkCsvSample()],
    ] as const) {
      const { events, skips } = await readAll(source, text)
      assert.deepEqual(skips, [])
      const [pipe, started] = events
      assert.deepEqual(
        [pipe.logSources, pipe.time, pipe.recordId, ...pick(pipe, 'PipeName', 'Computer')],
        ['pipe_created/sysmon sysmon', '2024-05-14T09:00:00.123000Z', 1, '\\p', 'PC1'],
      )
      assert.deepEqual(
        [
          started.logSources,
          started.time,
          started.host,
          ...pick(started, 'Image', 'CommandLine', 'ParentImage', 'EventID'),
        ],
        [
          'process_creation/sysmon sysmon',
          '2024-05-14T09:00:01.250000Z',
          'PC1',
          'C:\\Windows\\System32\\cmd.exe',
          'cmd  /c "echo ä: x"',
          'C:\\a.exe',
          '1',
        ],
      )
    }
  })
  it('of the Security log have the fields that the text tells under its headings', async () => {
    const [event] = (await readAll(splunkJson, result(STARTED))).events
    assert.deepEqual(
      [event.logSources, event.provider, event.host, event.recordId],
      ['process_creation security', 'Microsoft-Windows-Security-Auditing', 'WS1.corp.example', 77],
    )
    const names = [
      'Image',
      'CommandLine',
      'ParentImage',
      'User',
      'SubjectUserSid',
      'NewProcessId',
      'ProcessId',
      'TargetUserSid',
    ]
    assert.deepEqual(pick(event, ...names), [
      'C:\\Windows\\System32\\mmc.exe',
      'mmc.exe  -Embedding',
      'C:\\Windows\\System32\\svchost.exe',
      'bob',
      'S-1-5-21-1',
      '0x1e4',
      '0x11f0',
      'S-1-0-0',
    ])
  })
  it('of Linux hosts are read as their lines; audit records are assembled', async () => {
    const at = 'msg=audit(1700000000.123:7):'
    const { events } = await readAll(
      splunkJson,
      [
        result('May 14 09:00:00 box sshd[7]: Accepted password for eve'),
        result(`type=SYSCALL ${at} arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 uid=0 exe="/bin/id"`),
        result(`type=EXECVE ${at} argc=1 a0="id"`),
      ].join('\n'),
    )
    assert.deepEqual(
      events.map((one) => [one.eventId, one.host]),
      [
        ['sshd', 'box'],
        ['SYSCALL', 'h'],
        ['EXECVE', 'h'],
        ['execve', 'h'],
      ],
    )
  })
  it('that are JSON are read as whoever wrote it wrote it; other texts are text', async () => {
    const zeek = {
      ts: 1715677200.5,
      uid: 'C1',
      'id.orig_h': '10.0.0.6',
      'id.resp_h': '10.0.0.4',
      endpoint: 'svcctl',
      operation: 'x',
    }
    const { events, skips } = await readAll(splunkJson, `${result(JSON.stringify(zeek))}\n${result('anything')}`)
    assert.deepEqual(skips, [])
    assert.deepEqual(
      events.map((one) => [one.logSources, one.time]),
      [
        ['dce_rpc', '2024-05-14T09:00:00.500000Z'],
        ['syslog', '2024-05-14T09:00:00.000000Z'],
      ],
    )
  })
  it('without _raw are named', async () => {
    const { skips } = await readAll(splunkCsv, '_raw,_time\n,x\n')
    assert.deepEqual(
      skips.map((one) => one.reason),
      ['splunk: a result without the event itself (_raw)'],
    )
  })
  it('HTTP Event Collector’s events that are objects are read as the JSON they are', async () => {
    const event = {
      '@timestamp': '2024-05-14T09:00:00Z',
      winlog: {
        channel: 'Microsoft-Windows-Sysmon/Operational',
        event_id: '5',
        provider_name: 'Microsoft-Windows-Sysmon',
        computer_name: 'PC1',
        event_data: { Image: 'C:\\a.exe' },
      },
    }
    const text = JSON.stringify({ time: 1715677200.5, host: 'h', sourcetype: '_json', event })
    assert.ok(splunkJson.detect(Buffer.from(text), 'x') > 0.5)
    const { events } = await readAll(splunkJson, text)
    assert.deepEqual(
      events.map((one) => [one.host, one.eventId, one.field('Image')]),
      [['PC1', 5, 'C:\\a.exe']],
    )
  })
  it('on the way in, as HTTP Event Collector takes them', async () => {
    const text = JSON.stringify({ time: 1715677200, host: 'h', sourcetype: 'WinEventLog', event: STARTED })
    const [event] = (await readAll(splunkJson, text)).events
    assert.deepEqual([event.eventId, event.time], [4688, '2024-05-14T09:00:00.000000Z'])
  })
})

describe('Windows events as text', () => {
  it('lie one behind the other; each has its bytes', async () => {
    const text = windowsTextSample()
    const { events, skips } = await readAll(windowsEventText, text)
    assert.deepEqual(skips, [])
    assert.equal(events.length, 40)
    const bytes = Buffer.from(text)
    const { offset, length } = events[7]
    assert.equal(bytes.toString('utf8', offset, offset + length), classicText(7))
  })
  it('whose time has no zone are in the user’s', async () => {
    const { events } = await readAll(windowsEventText, STARTED, { zone: 120 })
    assert.equal(events[0].time, '2024-05-14T07:00:00.000000Z')
  })
  it('what is none is skipped and named', async () => {
    const { events, skips } = await readAll(windowsEventText, `${STARTED}\n\n05/14/2024 09:00:00 AM\nhello\n`)
    assert.equal(events.length, 1)
    assert.deepEqual(
      skips.map(({ reason, bytes }) => [reason, bytes]),
      [['text that is no event', 28]],
    )
  })
  it('a script block is whole, whatever its lines are', async () => {
    const script = `05/14/2024 09:00:00 AM
LogName=Microsoft-Windows-PowerShell/Operational
SourceName=Microsoft-Windows-PowerShell
EventCode=4104
ComputerName=h
RecordNumber=5
Message=Creating Scriptblock text (1 of 1):
$x = New-Object -ComObject MMC20.Application
Name: value

ScriptBlock ID: 11111111-2222-3333-4444-555555555555
Path: C:\\a.ps1`
    const [event] = (await readAll(windowsEventText, script)).events
    assert.equal(event.logSources, 'ps_script powershell')
    assert.deepEqual(pick(event, 'ScriptBlockText', 'Path', 'ScriptBlockId'), [
      '$x = New-Object -ComObject MMC20.Application\nName: value',
      'C:\\a.ps1',
      '11111111-2222-3333-4444-555555555555',
    ])
  })
  it('Sysmon’s fields stay, those without a value too; its title is none', async () => {
    const thread = `05/14/2024 09:00:00.000 AM
LogName=Microsoft-Windows-Sysmon/Operational
EventCode=8
ComputerName=PC1
SourceName=Microsoft-Windows-Sysmon
RecordNumber=1
Message=CreateRemoteThread:
RuleName: -
TargetImage: C:\\lsass.exe
StartModule: `
    const [event] = (await readAll(windowsEventText, thread)).events
    assert.deepEqual(pick(event, 'CreateRemoteThread', 'RuleName', 'TargetImage', 'StartModule'), [
      undefined,
      '-',
      'C:\\lsass.exe',
      '',
    ])
  })
})

describe('Windows events in syslog', () => {
  it('as Snare writes them', async () => {
    const fields = [
      'MSWinEventLog',
      '1',
      'Security',
      '498298',
      'Tue May 14 13:53:04 2024',
      '4624',
      'Microsoft-Windows-Security-Auditing',
      'CORP\\bob',
      'User',
      'Success Audit',
      'DC1.corp.example',
      'Logon',
      '',
      'An account was successfully logged on.    Subject:   Security ID:  S-1-5-18   Account Name:  DC1$    Logon Type:   3    New Logon:   Security ID:  S-1-5-21-1   Account Name:  bob   Logon ID:  0x1234    Network Information:   Workstation Name: WS1   Source Network Address: 10.0.0.9   Source Port:  50001',
      '498298',
    ]
    for (const tab of ['\t', '#011']) {
      const line = `<132>May 14 13:53:04 DC1 ${fields.join(tab)}`
      assert.ok(syslog.detect(Buffer.from(line), 'x') > 0.5)
      const [event] = (await readAll(syslog, line)).events
      assert.deepEqual(
        [event.logSources, event.eventId, event.host, event.time, event.recordId],
        ['security', 4624, 'DC1.corp.example', '2024-05-14T13:53:04.000000Z', 498298],
      )
      const names = ['SubjectUserName', 'LogonType', 'TargetUserName', 'TargetLogonId', 'IpAddress', 'IpPort']
      assert.deepEqual(pick(event, ...names), ['DC1$', '3', 'bob', '0x1234', '10.0.0.9', '50001'])
    }
  })
  it('as XML, and as NXLog’s JSON, among other lines', async () => {
    const xml =
      "<Event xmlns='x'><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>5</EventID><TimeCreated SystemTime='2024-05-14T09:00:00Z'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>PC1</Computer></System><EventData><Data Name='Image'>C:\\a.exe</Data></EventData></Event>"
    const json = JSON.stringify({
      EventTime: '2024-05-14 09:00:00',
      EventID: 5,
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      SourceName: 'Microsoft-Windows-Sysmon',
      Hostname: 'PC1',
      Image: 'C:\\a.exe',
    })
    const lines = [
      '<13>May 14 09:00:00 relay cron[1]: (root) CMD (x)',
      `<13>May 14 09:00:00 PC1 Microsoft-Windows-Sysmon[5]: ${xml}`,
      `<13>1 2024-05-14T09:00:00Z PC1 Sysmon 5 - - ${json}`,
    ]
    const { events, skips } = await readAll(syslog, lines.join('\n'))
    assert.deepEqual(skips, [])
    assert.deepEqual(
      events.map((one) => [one.logSources, one.field('Image')]),
      [
        ['cron syslog', undefined],
        ['process_termination/sysmon sysmon', 'C:\\a.exe'],
        ['process_termination/sysmon sysmon', 'C:\\a.exe'],
      ],
    )
  })
})
