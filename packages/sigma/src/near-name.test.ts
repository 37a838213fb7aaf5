import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearName } from './near-name.ts'

const FIELDS = ['CommandLine', 'ParentCommandLine', 'Image', 'User', 'command-and-control']

test('a slip of the pen finds the name that was meant', () => {
  assert.equal(nearName('ComandLine', FIELDS), 'CommandLine')
  assert.equal(nearName('CommandLien', FIELDS), 'CommandLine')
  assert.equal(nearName('command_line', FIELDS), 'CommandLine')
  assert.equal(nearName('ParntComandLine', FIELDS), 'ParentCommandLine')
  assert.equal(nearName('comand_and_control', FIELDS), 'command-and-control')
  assert.equal(nearName('Imgae', FIELDS), 'Image')
})

test('what is another name finds none', () => {
  assert.equal(nearName('GrandParentImage', FIELDS), undefined)
  assert.equal(nearName('Uses1', FIELDS), undefined)
  assert.equal(nearName('Us', FIELDS), undefined)
  assert.equal(nearName('x'.repeat(1000), FIELDS), undefined)
})
