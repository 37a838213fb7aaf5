import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Fact } from '../facts/fact.ts'
import type { ClockSkew } from './graph.ts'
import { estimateSkews, isNotable, MIN_MATCHES, NETWORK } from './skew.ts'
import { graphOf, tell } from './testing.ts'

const CLIENT = '10.0.0.6'
const SERVER = '10.0.0.4'

/** WS6 connects to SRV4 at each of the times, in seconds; SRV4's clock is `ahead`. */
function seenTwice(times: readonly number[], ahead: number) {
  const client = tell('WS6')
  const server = tell('SRV4')
  times.forEach((time, at) => {
    const from = `${CLIENT}:${50_000 + at}`
    client.outbound(time, { pid: 10 }, from, `${SERVER}:445`)
    server.inbound(time + ahead, { pid: 4 }, from, `${SERVER}:445`)
  })
  return { client, server }
}

const minutes = (count: number): number[] => Array.from({ length: count }, (_, at) => at * 60)

describe('the skew of two clocks', () => {
  it('is the median of the connections that both hosts saw', () => {
    const { client, server } = seenTwice(minutes(9), 4.25)
    assert.deepEqual(graphOf(client, server).skews, [
      { host: 'SRV4', other: 'WS6', ahead: 4.25, spread: 0, connections: 9, logons: 0 },
    ])
  })
  it('is that of the host that is ahead, whichever it is', () => {
    const { client, server } = seenTwice(minutes(9), -7200)
    const [skew] = graphOf(client, server).skews
    assert.deepEqual([skew.host, skew.other, skew.ahead], ['WS6', 'SRV4', 7200])
  })
  it('is not told from too few matches', () => {
    const few = seenTwice(minutes(MIN_MATCHES - 1), 30)
    assert.deepEqual(graphOf(few.client, few.server).skews, [])
    const enough = seenTwice(minutes(MIN_MATCHES), 30)
    assert.equal(graphOf(enough.client, enough.server).skews.length, 1)
  })
  it('is not moved by a few odd matches, which the spread leaves out', () => {
    const { client, server } = seenTwice(minutes(9), 2)
    server.inbound(9_000, { pid: 4 }, `${CLIENT}:60000`, `${SERVER}:445`)
    client.outbound(20_000, { pid: 10 }, `${CLIENT}:60000`, `${SERVER}:445`)
    const [skew] = graphOf(client, server).skews
    assert.deepEqual([skew.ahead, skew.spread, skew.connections], [2, 0, 10])
  })
  it('leaves out ports that were used again: which connection is which cannot be said', () => {
    const { client, server } = seenTwice(minutes(6), 2)
    client.outbound(50_000, { pid: 10 }, `${CLIENT}:50000`, `${SERVER}:445`)
    const [skew] = graphOf(client, server).skews
    assert.equal(skew.connections, 5)
  })
  it('comes from network logons and the caller’s connection where the server tells of no connection', () => {
    const client = tell('WS6')
    const server = tell('SRV4')
    // One connection makes the server's address known.
    server.inbound(0, { pid: 4 }, '10.0.0.99:40000', `${SERVER}:135`)
    for (const at of minutes(6)) {
      client.outbound(at, { pid: 10 }, `${CLIENT}:${50_000 + at}`, `${SERVER}:445`)
      server.logon(at + 12, { name: 'anna', logonId: `0x${at + 1}` }, CLIENT, { port: 50_000 + at })
    }
    assert.deepEqual(graphOf(client, server).skews, [
      { host: 'SRV4', other: 'WS6', ahead: 12, spread: 0, connections: 0, logons: 6 },
    ])
  })
  it('comes from network logons and what a sensor saw where the server tells of no other connection', () => {
    const server = tell('SRV4')
    // One connection makes the server's address known.
    server.inbound(0, { pid: 4 }, '10.0.0.99:40000', `${SERVER}:135`)
    const wire = tell(SERVER)
    for (const at of minutes(6)) {
      wire.inbound(at, {}, `${CLIENT}:${50_000 + at}`, `${SERVER}:445`, { onWire: 'begun' })
      server.logon(at - 5, { name: 'anna', logonId: `0x${at + 1}` }, CLIENT, { port: 50_000 + at })
    }
    assert.deepEqual(graphOf(wire, server).skews, [
      { host: NETWORK, other: 'SRV4', ahead: 5, spread: 0, connections: 0, logons: 6 },
    ])
  })
  it('is that of a host and the network where a sensor saw the connections', () => {
    const { client } = seenTwice(minutes(7), 0)
    const wire = tell(SERVER)
    minutes(7).forEach((time, at) => {
      wire.inbound(time - 3, {}, `${CLIENT}:${50_000 + at}`, `${SERVER}:445`, { onWire: 'begun' })
    })
    assert.deepEqual(graphOf(client, wire).skews, [
      { host: 'WS6', other: NETWORK, ahead: 3, spread: 0, connections: 7, logons: 0 },
    ])
  })
  it('does not come from flows that tell when they ended', () => {
    const { client } = seenTwice(minutes(7), 0)
    const wire = tell(SERVER)
    minutes(7).forEach((time, at) => {
      wire.inbound(time + 40, {}, `${CLIENT}:${50_000 + at}`, `${SERVER}:445`, { onWire: 'ended' })
    })
    assert.deepEqual(graphOf(client, wire).skews, [])
  })
  it('changes no time', () => {
    const { client, server } = seenTwice(minutes(9), 300)
    const graph = graphOf(client, server)
    assert.deepEqual(
      graph.connections.map((one) => one.time).sort((a, b) => a - b),
      [...client.facts, ...server.facts].map((one) => one.time).sort((a, b) => a - b),
    )
  })

  const skew = fc.double({ min: -90_000, max: 90_000, noNaN: true })
  const delays = fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { minLength: MIN_MATCHES, maxLength: 60 })
  it('property: a made skew comes back within what logging took', () => {
    fc.assert(
      fc.property(skew, delays, (ahead, delay) => {
        const client = tell('WS6')
        const server = tell('SRV4')
        delay.forEach((late, at) => {
          client.outbound(at * 90, { pid: 10 }, `${CLIENT}:${50_000 + at}`, `${SERVER}:445`)
          server.inbound(at * 90 + ahead + late, { pid: 4 }, `${CLIENT}:${50_000 + at}`, `${SERVER}:445`)
        })
        const [found] = graphOf(client, server).skews
        const signed = found.host === 'SRV4' ? found.ahead : -found.ahead
        assert.ok(signed >= ahead - 1e-5 && signed <= ahead + 0.2 + 1e-5, `${signed} for ${ahead}`)
        assert.equal(found.connections, delay.length)
      }),
    )
  })
  it('property: neither the order of the inputs nor that of the facts changes anything', () => {
    fc.assert(
      fc.property(skew, fc.integer({ min: 0, max: 30 }), fc.integer(), (ahead, count, seed) => {
        const { client, server } = seenTwice(minutes(count), ahead)
        const wire = tell(SERVER)
        minutes(count).forEach((time, at) => {
          wire.inbound(time, {}, `${CLIENT}:${50_000 + at}`, `${SERVER}:445`, { onWire: 'begun' })
        })
        const shuffled = (facts: readonly Fact[]) => ({
          facts: facts
            .map((fact, at) => ({ fact, key: ((at + 1) * 2_654_435_761 + seed) % 97 }))
            .sort((a, b) => a.key - b.key)
            .map(({ fact }) => fact),
        })
        const told: readonly ClockSkew[] = graphOf(client, server, wire).skews
        assert.deepEqual(graphOf(wire, server, client).skews, told)
        assert.deepEqual(graphOf(shuffled(server.facts), shuffled(wire.facts), shuffled(client.facts)).skews, told)
      }),
    )
  })
})

describe('a skew worth telling', () => {
  const of = (ahead: number, spread: number) =>
    isNotable({ host: 'A', other: 'B', ahead, spread, connections: 9, logons: 0 })
  it('is more than logging takes, and more than the matches differ by', () => {
    assert.deepEqual([of(0.4, 0), of(1, 0.1), of(5, 2.5), of(5, 2.4)], [false, true, false, true])
  })
})

it('connections of hosts that nobody else reports cost nothing', () => {
  const alone = tell('WS6')
  for (const at of minutes(50)) alone.outbound(at, { pid: 1 }, `${CLIENT}:${50_000 + at}`, '203.0.113.9:443')
  assert.deepEqual(estimateSkews(graphOf(alone)), [])
})
