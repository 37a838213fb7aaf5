import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Fact } from '../facts/fact.ts'
import { buildGraph } from './build.ts'
import { createFactStore } from './fold.ts'
import { graphOf, tell } from './testing.ts'

const CMD = { pid: 50, image: 'C:\\Windows\\System32\\cmd.exe' }
const system = { pid: 4, image: 'System' }

describe('an address and a name are one host', () => {
  const named = () => tell('ws6.corp.example').outbound(1, CMD, '10.0.0.6:50000', '10.0.0.9:443')
  const wire = (seconds: number) =>
    tell('10.0.0.6').observed(seconds, {
      channel: { kind: 'rpc', host: '10.0.0.6', name: 'svcctl' },
      act: 'connect',
      peer: { address: '10.0.0.5' },
    })

  test('where the host’s own connections show the address', () => {
    const graph = graphOf(named(), wire(5))
    assert.deepEqual([...graph.hosts.keys()], ['WS6'])
    assert.equal(graph.hostNamed('10.0.0.6')?.name, 'WS6')
    assert.deepEqual(
      [...graph.channels.values()].map((one) => one.host),
      ['WS6'],
    )
    const [learned] = graph.addresses.ownerships
    assert.deepEqual([learned.address, learned.host, learned.how, learned.count], ['10.0.0.6', 'WS6', 'local end', 1])
    assert.equal(learned.fact.kind, 'connection')
  })
  test('where nothing says so the address stays a host of its own', () => {
    assert.deepEqual([...graphOf(tell('WS6').started(1, CMD), wire(5)).hosts.keys()].sort(), ['10.0.0.6', 'WS6'])
  })
  const ws6 = () => tell('WS6').started(1, CMD)
  const kerberos = { authentication: 'Kerberos' }
  const dc = (name: string, more: object) => tell('DC').logon(2, { name }, '10.0.0.6', more)
  const at = (...stories: Parameters<typeof graphOf>) => graphOf(ws6(), ...stories).hostAt('10.0.0.6')?.name

  test('where the machine’s account logged on from it by Kerberos; NTLM can be passed on by who stands between', () => {
    assert.equal(at(dc('WS6$', kerberos)), 'WS6')
    assert.equal(at(dc('WS6$', { authentication: 'NTLM' })), undefined)
    assert.equal(at(dc('WS6$', {})), undefined)
    // A machine that no telemetry comes from is no host here.
    assert.equal(at(dc('WS7$', kerberos)), undefined)
  })
  test('where a lease, a ticket, an answer or the machine itself says so', () => {
    for (const how of ['lease', 'kerberos', 'dns', 'interface'] as const) {
      assert.equal(at(tell('DC').told(2, how, 'ws6.corp.example', '10.0.0.6')), 'WS6', how)
      assert.deepEqual([...graphOf(ws6(), tell('DC').told(2, how, 'WS6', '10.0.0.6')).hosts.keys()], ['WS6'])
    }
  })
  test('but not because a client called itself so: that is said, and no more', () => {
    const graph = graphOf(ws6(), dc('ann', { workstation: 'WS6' }))
    assert.equal(graph.hostAt('10.0.0.6'), undefined)
    assert.deepEqual(
      graph.addresses.claimed.get('10.0.0.6')?.map((one) => one.host),
      ['WS6'],
    )
  })
  test('nor where two machines are said to be there at one time: that is a gateway or a load balancer', () => {
    const gateway = tell('DC').told(1, 'kerberos', 'WS6', '10.0.0.6').told(5, 'kerberos', 'WS7', '10.0.0.6')
    const graph = (...told: Parameters<typeof graphOf>) => graphOf(ws6(), tell('WS7').started(1, CMD), ...told)
    const both = graph(gateway, tell('DC').told(9, 'kerberos', 'WS6', '10.0.0.6'))
    assert.equal(both.hostAt('10.0.0.6'), undefined)
    assert.deepEqual(
      both.addresses.disputed.get('10.0.0.6')?.map((one) => one.host),
      ['WS6', 'WS7'],
    )
    // One after the other is an address that went from one to the other.
    const turns = [10_000, 10_001, 10_002].map((at) => tell('DC').told(at * 3600, 'kerberos', 'WS7', '10.0.0.6'))
    assert.equal(graph(tell('DC').told(1, 'kerberos', 'WS6', '10.0.0.6'), ...turns).addresses.disputed.size, 0)
  })
  test('and what the host itself shows stands against what others say', () => {
    const stale = tell('DC').told(1, 'dns', 'WS7', '10.0.0.6').told(9000, 'dns', 'WS7', '10.0.0.6')
    const graph = graphOf(ws6().outbound(5, CMD, '10.0.0.6:50000', '10.0.0.9:443'), tell('WS7').started(1, CMD), stale)
    assert.equal(graph.hostAt('10.0.0.6')?.name, 'WS6')
  })
  test('an end that was guessed to be the local one gives way to what is sure', () => {
    const guessed = { endsGuessed: true } as const
    const one = tell('WS6').inbound(1, system, '10.0.0.8:50001', '10.0.0.6:50000', guessed)
    assert.equal(graphOf(one).hostAt('10.0.0.6')?.name, 'WS6')
    const other = tell('WS8').outbound(1, CMD, '10.0.0.6:50002', '10.0.0.9:443')
    assert.equal(graphOf(one, other).hostAt('10.0.0.6')?.name, 'WS8')
  })
})

describe('a name', () => {
  const hosts = (...names: string[]) => [...graphOf(...names.map((name) => tell(name).started(1, CMD))).hosts.keys()]
  test('is one in either case, with its domain and the root’s dot', () => {
    assert.deepEqual(hosts('WS6', 'ws6', 'ws6.corp.example', 'Ws6.Corp.Example.'), ['WS6'])
  })
  test('that NetBIOS cut is the one longer name that begins so', () => {
    assert.deepEqual(hosts('DESKTOP-ACCOUNTING7', 'DESKTOP-ACCOUNT'), ['DESKTOP-ACCOUNTING7'])
    assert.equal(hosts('DESKTOP-ACCOUNTING7', 'DESKTOP-ACCOUNTING8', 'DESKTOP-ACCOUNT').length, 3)
  })
  test('of another domain is another machine’s', () => {
    const graph = graphOf(tell('ws6.corp.example').started(1, CMD))
    assert.equal(graph.hostNamed('WS6.CORP.EXAMPLE')?.name, 'WS6')
    assert.equal(graph.hostNamed('ws6')?.name, 'WS6')
    assert.equal(graph.hostNamed('ws6.other.example'), undefined)
  })
})

describe('an address that goes from one host to another', () => {
  const lease = (host: string, from: number) => {
    const told = tell(host)
    for (let at = 0; at < 4; at++) told.outbound(from + at, CMD, `10.0.0.77:${50_000 + from + at}`, '10.0.0.9:443')
    return told
  }
  const micros = (seconds: number) => (Date.UTC(2026, 0, 5, 9, 0, 0) / 1000 + seconds) * 1e6

  test('is each one’s in its time', () => {
    const graph = graphOf(lease('WS1', 0), lease('WS2', 1000))
    assert.equal(graph.hostAt('10.0.0.77', micros(2))?.name, 'WS1')
    assert.equal(graph.hostAt('10.0.0.77', micros(1001))?.name, 'WS2')
    assert.equal(graph.hostAt('10.0.0.77', micros(900))?.name, 'WS2')
    assert.equal(graph.addresses.disputed.size, 0)
  })
  test('at the same time is disputed: the one that shows it most has it, and it is said', () => {
    const graph = graphOf(
      lease('WS1', 0),
      lease('WS2', 1),
      tell('WS1').outbound(9, CMD, '10.0.0.77:59000', '10.0.0.9:80'),
    )
    assert.equal(graph.hostAt('10.0.0.77')?.name, 'WS1')
    assert.deepEqual(
      graph.addresses.disputed.get('10.0.0.77')?.map((one) => one.host),
      ['WS2'],
    )
  })
  test('a connection or two read from the wrong end are no second owner', () => {
    const graph = graphOf(lease('WS1', 0), tell('WS2').outbound(1000, system, '10.0.0.77:51000', '10.0.0.2:445'))
    assert.equal(graph.hostAt('10.0.0.77', micros(1000))?.name, 'WS1')
  })
})

describe('an account', () => {
  const sid = 'S-1-5-21-1-2-3-1107'
  const graph = graphOf(
    tell('DC')
      .logon(1, { name: 'a-jbrown', domain: '3B', sid }, '10.0.0.5')
      .logon(2, { name: 'a-jbrown', domain: 'THREEBEESCO.COM', sid, logonId: '0x9' }, '10.0.0.5')
      .logon(3, { name: 'WS1$', domain: '3B', sid: 'S-1-5-18' }, '10.0.0.5'),
  )
  const best = { name: 'a-jbrown', domain: '3B', sid }
  test('is one by SID, by either name of its domain, and as name@domain', () => {
    assert.deepEqual(graph.account({ sid }), best)
    assert.deepEqual(graph.account({ name: 'A-JBROWN', domain: 'threebeesco.com' }), best)
    assert.deepEqual(graph.account({ name: 'a-jbrown@threebeesco.com' }), best)
    assert.deepEqual(graph.account({ name: '3B\\a-jbrown', logonId: '0x7' }), { ...best, logonId: '0x7' })
  })
  test('of the system is the system, whatever the event calls it', () => {
    assert.deepEqual(graph.account({ name: 'WS1$', domain: '3B', sid: 'S-1-5-18' }), {
      name: 'SYSTEM',
      domain: 'NT AUTHORITY',
      sid: 'S-1-5-18',
    })
  })
  test('that nothing tells more of stays as it is', () => {
    assert.deepEqual(graph.account({ name: 'ann', domain: 'OTHER' }), { name: 'ann', domain: 'OTHER' })
    assert.deepEqual(graph.account({ name: 'a-jbrown', domain: 'WS1' }), { name: 'a-jbrown', domain: 'WS1' })
    assert.deepEqual(graph.account({}), {})
  })
})

test('property: who is who does not depend on the order in which facts arrive', () => {
  const hosts = fc.constantFrom('ws1.corp.example', 'WS1', 'WS2', 'DC', '10.0.0.1', '10.0.0.2')
  const address = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', '127.0.0.1', 'fe80::1')
  const account = fc.record(
    {
      name: fc.constantFrom('ann', 'WS1$', 'ann@corp.example'),
      domain: fc.constantFrom('CORP', 'corp.example'),
      sid: fc.constantFrom('S-1-5-21-1-2-3-1', 'S-1-5-21-1-2-3-2', 'S-1-5-18'),
    },
    { requiredKeys: [] },
  )
  const story = fc
    .tuple(hosts, fc.nat(100), address, address, account)
    .map(([host, at, local, remote, user]) => [
      ...tell(host).outbound(at, CMD, `${local}:50000`, `${remote}:445`).facts,
      ...tell(host).logon(at, user, remote, { workstation: 'WS2', authentication: 'Kerberos' }).facts,
      ...tell(host).told(at, 'dns', 'ws2.corp.example', remote).facts,
    ])
  const shape = (facts: Fact[]) => {
    const store = createFactStore()
    store.add(structuredClone(facts))
    const graph = buildGraph(store)
    return JSON.stringify([
      [...graph.hosts.keys()].sort(),
      graph.addresses.ownerships.map((one) => [one.address, one.host, one.how, one.count, one.from, one.to]).sort(),
      ['ann', 'ann@corp.example'].map((name) => graph.account({ name, domain: 'CORP' })),
    ])
  }
  fc.assert(
    fc.property(fc.array(story, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (stories, order) => {
      const facts = stories.flat().map((fact, at) => ({ ...fact, evidence: { ...fact.evidence, offset: at } }))
      const shuffled = facts.map((fact) => ({ fact, key: order.next().value as number })).sort((a, b) => a.key - b.key)
      assert.equal(shape(shuffled.map((one) => one.fact)), shape(facts))
    }),
  )
})
