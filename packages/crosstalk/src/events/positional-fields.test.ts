import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { positionalNames } from './positional-fields.ts'

const SECURITY = 'Microsoft-Windows-Security-Auditing'

describe('names of values by position', () => {
  it('are those of the version with as many values', () => {
    const older = positionalNames(SECURITY, 4661, 16)
    const newer = positionalNames(SECURITY, 4661, 17)
    assert.deepEqual([older?.indexOf('AccessMask'), newer?.indexOf('AccessMask')], [10, 11])
    assert.equal(newer?.[10], 'AccessReason')
  })
  it('accounts made and changed have the same attributes', () => {
    const made = positionalNames(SECURITY, 4720, 26)
    const changed = positionalNames(SECURITY, 4738, 27)
    assert.equal(made?.[8], 'SamAccountName')
    assert.deepEqual(changed?.slice(1), made)
    assert.equal(positionalNames(SECURITY, 4741, 28)?.at(-1), 'ServicePrincipalNames')
  })
  it('no name where the number of values, the event or the provider is not known', () => {
    assert.equal(positionalNames(SECURITY, 4661, 3), undefined)
    assert.equal(positionalNames(SECURITY, 1, 3), undefined)
    assert.equal(positionalNames('x', 4661, 16), undefined)
  })
})
