import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CaseProcess } from '../cases/case.ts'
import { ending, locking, platformOf, volatileState } from './unix-commands.ts'

const process = (image: string, pid = 77): CaseProcess =>
  ({ key: 'k', host: 'H', pid, image, evidence: [] }) as unknown as CaseProcess

describe('commands of a containment plan', () => {
  it('are those of the system whose paths its programs have', () => {
    assert.equal(platformOf([process('C:\\Windows\\System32\\cmd.exe')]), 'windows')
    assert.equal(platformOf([]), 'windows')
    assert.equal(platformOf([process('/usr/bin/sh')]), 'linux')
    assert.equal(platformOf([process('/bin/sh'), process('/Applications/A.app/Contents/MacOS/A')]), 'macos')
  })
  it('end a process only if it is the one that was seen, whatever its name holds', () => {
    assert.equal(
      ending('linux', process("/tmp/it's")),
      `[ "$(readlink /proc/77/exe)" = '/tmp/it'\\''s' ] && kill -STOP 77  # examine it, then: kill -KILL 77`,
    )
    assert.ok(volatileState('linux', [process('/tmp/x\nreboot')]).every((command) => !command.includes('\n')))
  })
  it('lock accounts by name or id', () => {
    assert.equal(locking('linux', 'shop'), "passwd -l 'shop'; loginctl terminate-user 'shop'")
    assert.match(locking('macos', '501'), /^dscl \. -passwd \/Users\/"\$\(id -un 501\)"/)
  })
})
