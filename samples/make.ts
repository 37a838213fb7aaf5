// npm run samples: writes the sample logs and labels.json anew. Nothing changes unless a scenario did.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sampleFiles } from './telemetry.ts'

const here = import.meta.dirname
rmSync(join(here, 'logs'), { recursive: true, force: true })
let bytes = 0
const files = sampleFiles()
for (const [path, content] of files) {
  mkdirSync(dirname(join(here, path)), { recursive: true })
  writeFileSync(join(here, path), content)
  bytes += content.length
}
console.log(`${files.size} files, ${(bytes / 2 ** 20).toFixed(1)} MB`)
