// Mitigations and playbooks are data: what a report and a containment plan may rely on is checked here.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { load } from 'js-yaml'

const BEHAVIOURS = ['apple-event', 'com', 'dbus', 'dcom', 'dde', 'named-pipe', 'rpc', 'unix-socket', 'xpc']
const PLACEHOLDERS = ['host', 'pid', 'account', 'address', 'service', 'pipe', 'image']
const PLATFORMS = ['windows', 'linux', 'macos']
/** ATT&CK Enterprise v18.1 */
const MITIGATION_NAMES: Readonly<Record<string, string>> = {
  M1013: 'Application Developer Guidance',
  M1026: 'Privileged Account Management',
  M1030: 'Network Segmentation',
  M1037: 'Filter Network Traffic',
  M1038: 'Execution Prevention',
  M1040: 'Behavior Prevention on Endpoint',
  M1042: 'Disable or Remove Feature or Program',
  M1048: 'Application Isolation and Sandboxing',
  M1051: 'Update Software',
  M1054: 'Software Configuration',
}

interface Mitigation {
  id: string
  name: string
  techniques: string[]
  platform: string
  setting: string
  apply: string[]
  check: { command: string; expect: string }
  stops: string
  cost: string
  references: string[]
}
interface Step {
  id: string
  platform: string
  phase: string
  needs: string[]
  action: string
  why: string
  on: string
  shell: string
  run: string[]
  cost: { alerts: string; destroys: string; interrupts: string }
  verify: { command: string; expect: string }
  undo: string
  references: string[]
}

const read = (...path: string[]) => load(readFileSync(join(import.meta.dirname, ...path), 'utf8')) as never
const files = (folder: string) => readdirSync(join(import.meta.dirname, folder)).sort()
const placeholdersOf = (text: string) => [...text.matchAll(/\{([a-z]+)\}/g)].map((match) => match[1])
const isText = (value: unknown) => typeof value === 'string' && value.trim() !== ''

describe('mitigations', () => {
  test('there is a file for each behaviour', () => {
    assert.deepEqual(
      files('mitigations'),
      BEHAVIOURS.map((name) => `${name}.yml`),
    )
  })
  for (const name of BEHAVIOURS) test(name, () => checkMitigations(name))
})

function checkMitigations(behaviour: string): void {
  const file: { behaviour: string; about: string; mitigations: Mitigation[] } = read('mitigations', `${behaviour}.yml`)
  assert.equal(file.behaviour, behaviour)
  assert.ok(isText(file.about) && file.mitigations.length >= 3)
  for (const one of file.mitigations) {
    assert.equal(one.name, MITIGATION_NAMES[one.id], one.id)
    assert.ok(one.techniques.length)
    for (const technique of one.techniques) assert.match(technique, /^T\d{4}(\.\d{3})?$/)
    assert.ok(PLATFORMS.includes(one.platform))
    for (const text of [one.setting, one.check.command, one.check.expect, one.stops, one.cost, ...one.apply])
      assert.ok(isText(text), `${one.id}: ${JSON.stringify(one)}`)
    assert.ok(one.references.length)
    for (const reference of one.references) assert.match(reference, /^https:\/\/\S+$/)
  }
}

describe('playbooks', () => {
  const library: { phases: string[]; steps: Step[] } = read('playbooks', 'steps.yml')
  const steps = new Map(library.steps.map((step) => [step.id, step]))

  test('there is a playbook for each behaviour', () => {
    assert.deepEqual(files('playbooks'), [...BEHAVIOURS.map((name) => `${name}.yml`), 'steps.yml'].sort())
  })

  test('step ids are unique', () => assert.equal(steps.size, library.steps.length))

  for (const step of library.steps) test(step.id, () => checkStep(step, library.phases))

  for (const name of BEHAVIOURS)
    test(`${name}: known steps of one platform, in the order that spares evidence`, () => {
      const file: { behaviour: string; about: string; steps: Record<string, string[]>; notes: string[] } = read(
        'playbooks',
        `${name}.yml`,
      )
      assert.equal(file.behaviour, name)
      assert.ok(isText(file.about) && file.notes.every(isText))
      for (const note of file.notes) for (const one of placeholdersOf(note)) assert.ok(PLACEHOLDERS.includes(one), one)
      for (const [platform, ids] of Object.entries(file.steps)) {
        const found = ids.map((id) => steps.get(id))
        assert.ok(
          found.every((step) => step?.platform === platform),
          `${platform}: ${ids}`,
        )
        const order = found.map((step) => library.phases.indexOf(step!.phase))
        assert.deepEqual(
          order,
          order.toSorted((a, b) => a - b),
        )
        assert.equal(library.phases[order[0]], 'isolate')
        assert.ok(order.includes(library.phases.indexOf('capture')))
      }
    })

  test('every step is used', () => {
    const used = new Set(
      BEHAVIOURS.flatMap((name) => {
        const file: { steps: Record<string, string[]> } = read('playbooks', `${name}.yml`)
        return Object.values(file.steps).flat()
      }),
    )
    assert.deepEqual(
      [...steps.keys()].filter((id) => !used.has(id)),
      [],
    )
  })
})

function checkStep(step: Step, phases: readonly string[]): void {
  assert.ok(PLATFORMS.includes(step.platform) && phases.includes(step.phase))
  assert.equal(step.shell, step.platform === 'windows' ? 'powershell' : 'sh')
  assert.ok(['host', 'directory'].includes(step.on))
  const commands = [...step.run, step.verify.command]
  const texts = [step.action, step.why, step.undo, step.verify.expect, ...Object.values(step.cost)]
  for (const text of [...commands, ...texts]) {
    assert.ok(isText(text))
    for (const one of placeholdersOf(text)) assert.ok(PLACEHOLDERS.includes(one), one)
  }
  // a step whose placeholders the case's evidence can't fill is left out of a plan
  assert.deepEqual(
    step.needs,
    PLACEHOLDERS.filter((one) => commands.some((command) => placeholdersOf(command).includes(one))),
  )
  for (const command of [...commands, step.undo]) assertQuotable(command)
  assert.ok(step.references.length)
}

/** Who fills a placeholder puts a quoted word there, so it must not stand inside quotes. A pid is digits and may. */
function assertQuotable(command: string): void {
  for (const match of command.matchAll(/\{([a-z]+)\}/g)) {
    if (match[1] === 'pid') continue
    const before = command.slice(0, match.index)
    for (const quote of [`'`, '"'])
      assert.equal((before.split(quote).length - 1) % 2, 0, `{${match[1]}} stands in quotes: ${command}`)
  }
}
