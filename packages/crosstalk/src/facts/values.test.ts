import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinTarget } from '../events/registry-target.ts'
import { parseAccount, parseLogonId } from './account-ref.ts'
import { isGroupAddress, isLoopback, parseAddress, parsePort, parseProtocol } from './address.ts'
import { bounded } from './field.ts'
import { baseName, parseGuid, parsePid } from './process-ref.ts'

test('a pid is decimal in Sysmon and hexadecimal in the Security log', () => {
  assert.equal(parsePid('4100'), 4100)
  assert.equal(parsePid('0x1688'), 5768)
  assert.equal(parsePid('0'), 0)
  for (const odd of ['', '-', '12abc', '99999999999', '0xffffffffff', '-1', undefined])
    assert.equal(parsePid(odd), undefined)
})

test('a process GUID gets braces and upper case; the null GUID is none', () => {
  const guid = '{365ABB72-19E0-5CDA-0000-001006711000}'
  assert.equal(parseGuid('365abb72-19e0-5cda-0000-001006711000'), guid)
  assert.equal(parseGuid(guid), guid)
  assert.equal(parseGuid('{00000000-0000-0000-0000-000000000000}'), undefined)
  assert.equal(parseGuid('linux-boot-1-42'), 'linux-boot-1-42')
  assert.equal(parseGuid(' '), undefined)
})

test('a logon id is lower case hexadecimal without leading zeros; zero is none', () => {
  assert.equal(parseLogonId('0x00000000000003E7'), '0x3e7')
  assert.equal(parseLogonId('999'), '0x3e7')
  assert.equal(parseLogonId('0x0'), undefined)
  assert.equal(parseLogonId('0xffffffffffffffff'), '0xffffffffffffffff')
  for (const odd of ['', 'abc', '0x', '-1', '0x11111111111111111']) assert.equal(parseLogonId(odd), undefined)
})

test('accounts come with their domain in front or behind', () => {
  assert.deepEqual(parseAccount('OFFICE\\anna'), { name: 'anna', domain: 'OFFICE' })
  assert.deepEqual(parseAccount('anna@office.example'), { name: 'anna', domain: 'office.example' })
  assert.deepEqual(parseAccount('anna'), { name: 'anna' })
  assert.deepEqual(parseAccount('-'), {})
  assert.deepEqual(parseAccount(undefined), {})
})

test('an address loses its IPv4 mapping, zone and brackets', () => {
  assert.equal(parseAddress('::ffff:10.0.0.5'), '10.0.0.5')
  assert.equal(parseAddress('0:0:0:0:0:ffff:10.0.0.5'), '10.0.0.5')
  assert.equal(parseAddress('[fe80::1%12]'), 'fe80::1')
  assert.equal(parseAddress('FE80::1'), 'fe80::1')
  for (const none of ['-', '', '::', '0.0.0.0', 'LOCAL', undefined]) assert.equal(parseAddress(none), undefined)
})

test('ports are 1 to 65535, protocols have names', () => {
  assert.equal(parsePort('445'), 445)
  for (const none of ['0', '65536', '-', 'microsoft-ds', '', undefined]) assert.equal(parsePort(none), undefined)
  assert.equal(parseProtocol('6'), 'tcp')
  assert.equal(parseProtocol('UDP'), 'udp')
})

test('group addresses and loopback are told apart from machines', () => {
  for (const group of ['224.0.0.252', '239.255.255.250', '255.255.255.255', 'ff02::c', 'ff02:0:0:0:0:0:1:3'])
    assert.equal(isGroupAddress(group), true, group)
  for (const machine of ['10.0.0.5', '172.18.39.6', 'fe80::1']) assert.equal(isGroupAddress(machine), false, machine)
  for (const loopback of ['127.0.0.1', '127.0.0.2', '::1', '0:0:0:0:0:0:0:1']) assert.equal(isLoopback(loopback), true)
  assert.equal(isLoopback('10.127.0.1'), false)
})

test('registry paths of the kernel become those that people use', () => {
  assert.equal(joinTarget('\\REGISTRY\\MACHINE\\SOFTWARE\\X', 'V'), 'HKLM\\SOFTWARE\\X\\V')
  assert.equal(joinTarget('\\REGISTRY\\USER\\S-1-5-21-1\\X', undefined), 'HKU\\S-1-5-21-1\\X')
  assert.equal(joinTarget(undefined, 'V'), undefined)
})

test('the last part of a path is its name, with either slash', () => {
  assert.equal(baseName('C:\\Windows\\System32\\SVCHOST.EXE'), 'svchost.exe')
  assert.equal(baseName('/usr/bin/nc'), 'nc')
  assert.equal(baseName(undefined), '')
})

test('text is cut with a mark, never inside a surrogate pair', () => {
  assert.equal(bounded('abcdef', 6), 'abcdef')
  assert.equal(bounded('abcdefg', 6), 'abcde…')
  assert.equal(bounded('abcd😀efg', 6), 'abcd…')
})
