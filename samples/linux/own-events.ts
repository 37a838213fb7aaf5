// Keeps of a recorded log what the invented people did, and writes it with labels.json: node own-events.ts FOLDER TARGET. FOLDER holds audit.log and times.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ATTACKS } from './attacks.ts'

const [from, to] = process.argv.slice(2)
const HOST = 'ASH-LNX01'
/** audit ids of the accounts that box.sh makes */
const OURS = / auid=3(?:00[12]|10[12]) /

const lines = readFileSync(join(from, 'audit.log'), 'latin1').split('\n')
const eventOf = (line: string) => /msg=audit\(([^)]*)\)/.exec(line)?.[1] ?? ''
const ours = new Set(lines.filter((line) => OURS.test(line)).map(eventOf))
const kept = lines.filter((line) => ours.has(eventOf(line)) && !/ type=LOGIN /.test(line))
mkdirSync(join(to, 'logs', HOST), { recursive: true })
const log = Buffer.from(`${kept.join('\n')}\n`, 'latin1')
writeFileSync(join(to, 'logs', HOST, 'audit.log.gz'), gzipSync(log, { level: 9 }))

const times = new Map(
  readFileSync(join(from, 'times'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [id, which, seconds] = line.split(' ')
      return [`${id} ${which}`, new Date(Number(seconds) * 1000).toISOString()] as const
    }),
)
const labels = {
  about: `Recorded by samples/linux/record.sh on a real Linux system with an invented host name and invented accounts; see samples/README.md. A hunt over logs/ must give the attacks as cases, and no case at level medium or higher of anything else.`,
  host: HOST,
  attacks: ATTACKS.map(({ id, ...attack }) => ({
    id,
    from: times.get(`${id} from`),
    to: times.get(`${id} to`),
    ...attack,
  })),
}
writeFileSync(join(to, 'labels.json'), `${JSON.stringify(labels, null, 2)}\n`)
console.log(`${kept.length} of ${lines.length} records, ${log.length} bytes`)
