// What tests ask of a log: its lines of JSON, its damage.
import { type Damage, type EvtxRecord, type ReadOptions, readEvtxSync } from '../src/index.ts'
import { treeJson } from '../src/json-tree.ts'
import { recordTree } from '../src/tree.ts'

export interface Reading<T> {
  records: T[]
  damages: Damage[]
}

/** Reads a log, and of each record what `take` takes. */
export function read<T>(
  log: Uint8Array | string,
  take: (record: EvtxRecord) => T,
  options: ReadOptions = {},
): Reading<T> {
  const reading: Reading<T> = { records: [], damages: [] }
  readEvtxSync(
    log,
    options,
    (record) => reading.records.push(take(record)),
    (damage) => reading.damages.push(damage),
  )
  return reading
}

/** The records as JSON, by the compiled way and by the tree: they must be the same. */
export function readJson(log: Uint8Array, options: ReadOptions = {}): string[] {
  return read(
    log,
    (record) => {
      const json = record.toJson()
      const byTree = treeJson(recordTree(record.layout))
      if (json !== byTree) throw new Error(`two ways, two texts:\n${json}\n${byTree}`)
      return json
    },
    options,
  ).records
}

/** The value of each field by `section/name`; several of one name as a list. */
export function fieldsOf(record: EvtxRecord): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const { section, name, slot, literal } of record.layout.fields)
    fields[`${section}/${name}`] = slot < 0 ? literal : record.value(slot)
  return fields
}
