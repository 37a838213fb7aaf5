import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { classifyWindows, windowsLogSources } from './windows.ts'

const corpus =
  process.env.CROSSTALK_CORPUS ?? resolve(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'corpus')
const sigma = join(corpus, 'sigma')

const categories = (provider: string, channel: string, id: number) =>
  classifyWindows(provider, channel, id).logSources.flatMap((one) => one.category ?? [])
const services = (provider: string, channel: string, id: number) => [
  ...new Set(classifyWindows(provider, channel, id).logSources.flatMap((one) => one.service ?? [])),
]
const SYSMON = ['Microsoft-Windows-Sysmon', 'Microsoft-Windows-Sysmon/Operational'] as const
const SECURITY = ['Microsoft-Windows-Security-Auditing', 'Security'] as const

describe('log sources of Windows events', () => {
  it('knows Sysmon by its event ids', () => {
    assert.deepEqual(categories(...SYSMON, 1), ['process_creation'])
    assert.deepEqual(categories(...SYSMON, 12), ['registry_event', 'registry_add', 'registry_delete'])
    assert.deepEqual(categories(...SYSMON, 17), ['pipe_created'])
    assert.deepEqual(services(...SYSMON, 17), ['sysmon'])
    assert.deepEqual(categories(...SYSMON, 999), [])
  })

  it('knows forwarded events by their provider, whatever channel the collector put them in', () => {
    assert.deepEqual(categories('Microsoft-Windows-Sysmon', 'ForwardedEvents', 1), ['process_creation'])
    assert.deepEqual(categories('Microsoft-Windows-Security-Auditing', 'ForwardedEvents', 4688), ['process_creation'])
  })

  it('gives Security events the categories that they are, under the names that rules use', () => {
    assert.deepEqual(categories(...SECURITY, 4688), ['process_creation'])
    assert.deepEqual(services(...SECURITY, 4688), ['security'])
    assert.equal(classifyWindows(...SECURITY, 4688).aliases.Image, 'NewProcessName')
    assert.equal(classifyWindows(...SECURITY, 4688).aliases.ParentProcessId, 'ProcessId')
    assert.deepEqual(categories(...SECURITY, 4624), [])
  })

  it('tells the PowerShell logs apart', () => {
    assert.deepEqual(categories('Microsoft-Windows-PowerShell', 'Microsoft-Windows-PowerShell/Operational', 4104), [
      'ps_script',
    ])
    assert.deepEqual(categories('PowerShell', 'Windows PowerShell', 400), ['ps_classic_start'])
    assert.deepEqual(services('PowerShell', 'Windows PowerShell', 400), ['powershell-classic'])
  })

  it('is not misled by channels and providers that are called as what every object has', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
      assert.deepEqual(classifyWindows(name, name, 1).logSources, [{ product: 'windows' }])
  })

  it('knows every Windows service and category of the rules in the corpus', {
    skip: existsSync(sigma) ? false : 'the corpus is not here',
  }, () => {
    const known = windowsLogSources()
    const unknown = new Set<string>()
    for (const entry of readdirSync(sigma, { recursive: true, encoding: 'utf8' })) {
      if (!/\.ya?ml$/.test(entry)) continue
      const logSource = /^logsource:\n((?: +.*\n)+)/m.exec(readFileSync(join(sigma, entry), 'utf8'))?.[1] ?? ''
      const part = (name: string) => new RegExp(`^ +${name}: *['"]?([\\w-]+)`, 'm').exec(logSource)?.[1]
      if (part('product') !== 'windows') continue
      const [category, service] = [part('category'), part('service')]
      if (category && !known.categories.includes(category)) unknown.add(`category ${category}`)
      if (service && !known.services.includes(service)) unknown.add(`service ${service}`)
    }
    assert.deepEqual([...unknown], [])
  })
})
