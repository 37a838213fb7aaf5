import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ReadEvent, readAll } from '../reading.ts'
import { wazuhSample } from './sample-input.ts'
import { wazuh } from './wazuh.ts'
import { unescaped } from './windows-event.ts'

const pick = (event: ReadEvent, ...names: string[]) => names.map((name) => event.field(name))

describe('Wazuh', () => {
  it('Windows events have Windows’s names again, and one backslash where there was one', async () => {
    const { events, skips } = await readAll(wazuh, wazuhSample())
    assert.deepEqual(skips, [])
    const [pipe] = events
    assert.deepEqual(
      [pipe.time, pipe.host, pipe.recordId, pipe.channel, pipe.eventId, pipe.logSources],
      [
        '2024-05-14T09:00:00.123456Z',
        'PC1',
        1,
        'Microsoft-Windows-Sysmon/Operational',
        17,
        'pipe_created/sysmon sysmon',
      ],
    )
    assert.deepEqual(pick(pipe, 'PipeName', 'Image', 'ProcessId'), ['\\pipe-', 'C:\\Windows\\cmd.exe', '0'])
  })
  it('a logon without an address has `-` for it, as Windows wrote', async () => {
    const system = { providerName: 'Microsoft-Windows-Security-Auditing', channel: 'Security', computer: 'h' }
    const logon = (eventID: string, eventdata: object) =>
      JSON.stringify({ data: { win: { system: { ...system, eventID }, eventdata } } })
    const lines = [logon('4624', {}), logon('4625', { ipAddress: '10.0.0.9' }), logon('4634', {})]
    const { events } = await readAll(wazuh, lines.join('\n'))
    assert.deepEqual(
      events.map((one) => one.field('IpAddress')),
      ['-', '10.0.0.9', undefined],
    )
  })
  it('a line is what it was, its year and zone the manager’s', async () => {
    const { events } = await readAll(wazuh, wazuhSample())
    assert.deepEqual(
      [events[1].time, events[1].host, events[1].logSources],
      ['2024-05-14T09:00:01.500000Z', 'box', 'sshd auth syslog'],
    )
    assert.deepEqual(pick(events[1], 'message', 'pid'), ['Failed password for root', '1'])
  })
  it('records of one audit event, joined to a line, are taken apart and assembled', async () => {
    const at = 'msg=audit(1700000000.123:7):'
    const record = {
      timestamp: '2023-11-14T22:13:21.000+0000',
      agent: { id: '003', name: 'lin' },
      manager: { name: 'w' },
      decoder: { name: 'auditd' },
      full_log: `type=SYSCALL ${at} arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 uid=0 exe="/bin/nc" key=(null) type=EXECVE ${at} argc=3 a0="nc" a1="-U" a2="/tmp/s" type=CWD ${at} cwd="/"`,
    }
    const { events } = await readAll(wazuh, JSON.stringify(record))
    assert.deepEqual(
      events.map((one) => [one.eventId, one.host]),
      [
        ['SYSCALL', 'lin'],
        ['EXECVE', 'lin'],
        ['CWD', 'lin'],
        ['execve', 'lin'],
      ],
    )
    assert.equal(events[3].field('CommandLine'), 'nc -U /tmp/s')
  })
  it('user data, values without names, and names that begin with a small letter', async () => {
    const win = (provider: string, rest: object) => ({
      data: {
        win: {
          system: { providerName: provider, eventID: '1', channel: 'c', computer: 'h', systemTime: 't' },
          ...rest,
        },
      },
    })
    const lines = [
      win('Microsoft-Windows-WMI-Activity', { operation_ESStoConsumerBinding: { consumer: 'x' } }),
      win('MsiInstaller', { eventdata: { data: 'a, b' } }),
      win('Service Control Manager', { eventdata: { param1: 'svc' } }),
    ]
    const { events } = await readAll(wazuh, lines.map((line) => JSON.stringify(line)).join('\n'))
    assert.deepEqual(
      [events[0].field('Consumer'), events[1].field('Data'), events[2].field('param1')],
      ['x', 'a, b', 'svc'],
    )
  })
  it('as its indexer has it, and as the agent’s own JSON', async () => {
    const [first] = wazuhSample().split('\n')
    const { data } = JSON.parse(first) as { data: object }
    for (const text of [JSON.stringify({ _index: 'wazuh-alerts', _source: JSON.parse(first) }), JSON.stringify(data)]) {
      const { events, skips } = await readAll(wazuh, text)
      assert.deepEqual(skips, [])
      assert.equal(events[0].field('Image'), 'C:\\Windows\\cmd.exe')
    }
  })
  it('undoes the agent’s escapes only where the whole value has them', () => {
    assert.deepEqual(
      ['C:\\\\a\\\\b', '\\"C:\\\\a b\\" -x', 'C:\\a\\b', '\\\\\\\\host\\\\pipe\\\\x', 'a "b"', 'D:\\\\x\\y'].map(
        unescaped,
      ),
      ['C:\\a\\b', '"C:\\a b" -x', 'C:\\a\\b', '\\\\host\\pipe\\x', 'a "b"', 'D:\\\\x\\y'],
    )
  })
})
