import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expand } from './expand.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { fromMemory } from './read-bytes.ts'
import { makeZip } from './zip-maker.ts'
import { zipParts } from './zip-parts.ts'

async function namesOf(zip: Buffer, parts: Awaited<ReturnType<typeof zipParts>> | [undefined]) {
  const names: string[] = []
  const problems: string[] = []
  for (const part of parts)
    for await (const { name } of expand(fromMemory('z', zip), {
      part,
      onProblem: ({ problem }) => problems.push(problem),
    }))
      names.push(name)
  return { names, problems }
}

const entry = (name: string) => ({ name, data: Buffer.from('0123456789') })

test('a ZIP archive in parts has the entries that it has as a whole, each by the same name', async () => {
  const zip = makeZip(['a', 'in/', 'a', 'b', 'a#2', 'a', 'b'].map(entry))
  const { names } = await namesOf(zip, [undefined])
  assert.deepEqual(names, ['z!a', 'z!a#2', 'z!b', 'z!a#2#2', 'z!a#3', 'z!b#2'])
  for (const bytes of [1, 20, 1000])
    assert.deepEqual((await namesOf(zip, await zipParts(fromMemory('z', zip), DEFAULT_LIMITS, bytes))).names, names)
})

test('the most entries that are read are those of all parts together', async () => {
  const zip = makeZip(['a', 'b', 'c', 'd', 'e'].map(entry))
  const parts = await zipParts(fromMemory('z', zip), { ...DEFAULT_LIMITS, entries: 3 }, 20)
  const { names, problems } = await namesOf(zip, parts)
  assert.deepEqual(names, ['z!a', 'z!b', 'z!c'])
  assert.match(problems.join(), /^more than 1,000,000 entries .*--archive-entries/)
})
