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

  it('knows by their provider what was collected without its channel', () => {
    assert.deepEqual(services('Microsoft-Windows-Security-Auditing', 'ForwardedEvents', 4624), ['security'])
    assert.deepEqual(services('Microsoft-Windows-Windows Defender', '', 1116), ['windefend'])
    assert.deepEqual(categories('Microsoft-Windows-PowerShell', 'ForwardedEvents', 4104), ['ps_script'])
    assert.deepEqual(services('Service Control Manager', 'FORWARDEDEVENTS', 7045), ['system'])
    // What the event says of its channel comes first.
    assert.deepEqual(services('Microsoft-Windows-TaskScheduler', 'Microsoft-Windows-TaskScheduler/Maintenance', 1), [])
  })

  it('takes names in any case', () => {
    assert.deepEqual(categories('MICROSOFT-WINDOWS-SYSMON', 'microsoft-windows-sysmon/operational', 3), [
      'network_connection',
    ])
    assert.deepEqual(services('', 'SECURITY', 4624), ['security'])
    assert.deepEqual(categories('', 'security', 4688), ['process_creation'])
  })

  it('knows channels by the names that Sigma gives them and by those that Windows does', () => {
    for (const [channel, service] of [
      ['Microsoft-IIS-Configuration/Operational', 'iis-configuration'],
      ['Microsoft-Windows-DNS Client Events/Operational', 'dns-client'],
      ['Microsoft-Windows-DNS-Client/Operational', 'dns-client'],
      ['Microsoft-Windows-DNSServer/Audit', 'dns-server-audit'],
      ['Microsoft-Windows-VHDMP-Operational', 'vhdmp'],
      ['Microsoft-Windows-VHDMP/Operational', 'vhdmp'],
      ['Microsoft-Windows-Hyper-V-Worker-Admin', 'hyper-v-worker'],
      ['Microsoft-Windows-Kernel-EventTracing/Admin', 'kernel-event-tracing'],
      ['Microsoft-Windows-Kernel-ShimEngine/Diagnostic', 'kernel-shimengine'],
      ['Microsoft-Windows-Security-Mitigations/KernelMode', 'security-mitigations'],
      ['Microsoft-Windows-Application-Experience/Program-Telemetry', 'application-experience'],
      ['Microsoft-Windows-BitLocker/BitLocker Management', 'bitlocker'],
      ['Microsoft-Windows-Ntfs/Operational', 'ntfs'],
      ['Microsoft-Windows-SENSE/Operational', 'sense'],
    ])
      assert.deepEqual(services('', channel, 1), [service])
    assert.deepEqual(services('', 'Microsoft-ServiceBus-Client/Operational', 40300), [
      'microsoft-servicebus-client',
      'servicebus-client',
    ])
    assert.deepEqual(services('', 'Microsoft-Windows-LDAP-Client/Debug', 30), ['ldap', 'ldap_debug'])
  })

  it('takes a threat that Defender names for an antivirus detection', () => {
    const found = classifyWindows(
      'Microsoft-Windows-Windows Defender',
      'Microsoft-Windows-Windows Defender/Operational',
      1116,
    )
    assert.deepEqual(found.logSources, [
      { product: 'windows', category: 'antivirus' },
      { product: 'windows', service: 'windefend' },
    ])
    assert.deepEqual(found.aliases, { Signature: 'Threat Name', Filename: 'Path' })
    assert.deepEqual(categories('', 'Microsoft-Windows-Windows Defender/Operational', 5007), [])
  })

  it('takes a deletion that Sysmon only saw for both of its categories', () => {
    assert.deepEqual(categories(...SYSMON, 26), ['file_delete', 'file_delete_detected'])
  })

  it('takes a value written, not a key made, for what 4657 says', () => {
    assert.deepEqual(categories(...SECURITY, 4657), ['registry_event', 'registry_set'])
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

it('Sysmon for Linux in a record of Windows’s form is Linux’s', () => {
  for (const [provider, channel] of [
    ['Linux-Sysmon', ''],
    ['', 'Linux-Sysmon/Operational'],
  ])
    assert.deepEqual(classifyWindows(provider, channel, 1).logSources, [
      { product: 'linux', service: 'sysmon', category: 'process_creation' },
    ])
})
