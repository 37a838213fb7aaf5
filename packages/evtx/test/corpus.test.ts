// The logs of ../shared/corpus: every record by both ways of JSON, and what is known to be damaged in them. compare-evtx-dump.ts compares
// them with another reader.
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'
import { readEvtxSync } from '../src/index.ts'
import { treeJson } from '../src/json-tree.ts'
import { recordTree } from '../src/tree.ts'

const corpus = process.env.CROSSTALK_CORPUS ?? resolve(import.meta.dirname, '..', '..', '..', '..', 'shared', 'corpus')
const folders = ['evtx', 'evtx-format'].map((name) => join(corpus, name))
const skip = folders.every(existsSync) ? false : `no logs in ${corpus}`

function logs(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.evtx'))
      .map((entry) => join(entry.parentPath, entry.name)),
  )
}

describe('the corpus', { skip }, () => {
  it('is read to its last record, the compiled JSON being that of the tree', () => {
    let records = 0
    const layouts = new Set<unknown>()
    const damages: Record<string, number> = {}
    const files = logs()
    for (const file of files)
      readEvtxSync(
        file,
        {},
        (record) => {
          records++
          layouts.add(record.layout)
          assert.ok(record.layout.kept)
          const json = record.toJson()
          assert.equal(json, treeJson(recordTree(record.layout)), file)
          JSON.parse(json)
          record.toXml()
          for (let slot = 0; slot < record.layout.slots; slot++) record.value(slot)
        },
        ({ reason }) => {
          damages[reason] = (damages[reason] ?? 0) + 1
        },
      )
    assert.equal(files.length, 527)
    assert.equal(records, 27287)
    assert.ok(layouts.size < 2000)
    assert.deepEqual(damages, {
      'no chunk where one should be': 8,
      'no record where one should be': 3,
      "a template instance's values are longer than what holds them": 2,
      "a record's two sizes differ": 2,
    })
  })

  it('gives up more records when they are carved', () => {
    let live = 0
    let carved = 0
    for (const file of logs())
      readEvtxSync(
        file,
        { carve: true },
        (record) => {
          if (record.carved) carved++
          else live++
        },
        () => {},
      )
    assert.equal(live, 27287)
    assert.ok(carved > 0)
  })
})
