// One way to read a log, for bench/evtx.ts: evtx-pass.ts MODE FILE [PASSES]. Prints what each pass took as a line of JSON.
//   slots   every record's template and value slots found, nothing decoded
//   fields  provider, event id, channel, computer and the first three fields of data as strings
//   json    every record as a line of JSON
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { JsonOutput, readEvtxSync } = await import('@crosstalk/evtx')
type Layout = import('@crosstalk/evtx').Layout

const [mode, file, passes = '1'] = process.argv.slice(2)
const SYSTEM = ['Provider@Name', 'EventID', 'Channel', 'Computer']

/** The slots that `fields` reads; what a layout says itself needs no reading. */
function wanted(layout: Layout): Int32Array {
  const system = SYSTEM.map((name) => layout.field('System', name)?.slot ?? -1)
  const data = layout.fields.filter((field) => field.section !== '' && field.section !== 'System' && field.slot >= 0)
  return Int32Array.from([...system.filter((slot) => slot >= 0), ...data.slice(0, 3).map((field) => field.slot)])
}

const slotsOf = new Map<Layout, Int32Array>()
let characters = 0
for (let pass = 0; pass < Number(passes); pass++) {
  const started = performance.now()
  const cpu = process.cpuUsage()
  let records = 0
  let bytes = 0
  const out = new JsonOutput((piece) => {
    bytes += piece.length
  })
  let last: Layout | undefined
  let lastSlots: Int32Array = new Int32Array(0)
  readEvtxSync(
    file,
    {},
    mode === 'json'
      ? (record) => {
          records++
          record.writeJson(out)
          out.writeByte(10)
        }
      : mode === 'fields'
        ? (record) => {
            records++
            if (record.layout !== last) {
              last = record.layout
              lastSlots = slotsOf.get(last) ?? wanted(last)
              slotsOf.set(last, lastSlots)
            }
            for (let i = 0; i < lastSlots.length; i++) characters += record.text(lastSlots[i]).length
          }
        : () => {
            records++
          },
    () => {},
  )
  out.flush()
  const { user, system } = process.cpuUsage(cpu)
  const seconds = (performance.now() - started) / 1000
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, records, bytes, characters }))
}
