// Compares logs of auditd with what ausearch makes of them, record by record and value by value, and lists every difference.
//   node packages/crosstalk/test/auditd/compare-ausearch.ts <audit.log…>
// Needs ausearch (Debian package auditd) on the PATH. docs/formats/auditd.md explains what it lists; record-load.sh makes a large log.
import { compareWithAusearch } from './compare.ts'

for (const log of process.argv.slice(2)) {
  const { events, records, calls, equal, asWritten, differences } = await compareWithAusearch(log)
  console.log(`${log}: ${events} events, ${records} records, ${calls} assembled calls; ${equal} values are the same`)
  const written = [...asWritten].sort((a, b) => b[1] - a[1])
  console.log(`  kept as written: ${written.map(([field, count]) => `${field} ${count}`).join(', ')}`)
  for (const [what, { count, example }] of [...differences].sort((a, b) => b[1].count - a[1].count))
    console.log(`  ${count} × ${what}\n      ${example}`)
}
