import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readAll } from '../reading.ts'
import { type SampleLogin, writeLogins } from './sample-input.ts'
import { utmp } from './utmp.ts'
import { LAYOUTS } from './utmp-record.ts'

const login: SampleLogin = {
  type: 7,
  pid: 812,
  line: 'pts/0',
  user: 'anna',
  host: 'client.example',
  time: 1_715_677_200,
  address: [10, 0, 0, 9],
}

describe('wtmp and btmp', () => {
  it('say who came from where, on machines with times of 32 and of 64 bits', async () => {
    for (const layout of LAYOUTS) {
      const { events, skips } = await readAll(utmp, writeLogins([login, { ...login, type: 8, user: '' }], layout))
      assert.deepEqual(skips, [])
      assert.deepEqual(
        events.map((one) => [
          one.time,
          ...['type', 'user', 'host', 'address', 'line', 'pid'].map((name) => one.field(name)),
        ]),
        [
          ['2024-05-14T09:00:00.123456Z', 'USER_PROCESS', 'anna', 'client.example', '10.0.0.9', 'pts/0', '812'],
          ['2024-05-14T09:00:00.123456Z', 'DEAD_PROCESS', undefined, 'client.example', '10.0.0.9', 'pts/0', '812'],
        ],
      )
    }
  })
  it('are not other bytes in rows of that length', () => {
    assert.equal(utmp.detect(Buffer.alloc(384 * 4), 'wtmp'), 0)
    assert.equal(utmp.detect(Buffer.alloc(384 * 4, 'a'), 'wtmp'), 0)
    const broken = writeLogins([login, login])
    broken.writeUInt16LE(77, 384)
    assert.equal(utmp.detect(broken, 'wtmp'), 0)
  })
  it('of a clock that was not set yet there is no time', async () => {
    const { events } = await readAll(utmp, writeLogins([{ ...login, type: 2, user: 'reboot', time: 12 }, login]))
    assert.deepEqual(
      events.map((one) => one.time),
      ['none', '2024-05-14T09:00:00.123456Z'],
    )
  })
  it('a record that is none is counted, what follows is read', async () => {
    const bytes = writeLogins(Array.from({ length: 80 }, () => login))
    bytes.fill(0xff, 384 * 70, 384 * 71)
    const { events, skips } = await readAll(utmp, Buffer.concat([bytes, Buffer.from('cut')]))
    assert.equal(events.length, 79)
    assert.deepEqual(
      skips.map(({ reason, offset }) => [reason, offset]),
      [
        ['no login record', 384 * 70],
        ['a login record that is cut off', 384 * 80],
      ],
    )
  })
})
