import { InputError } from '../input-error.ts'
import type { Input } from '../source.ts'
import { Cursor, liveInput } from './cursor.ts'
import { held } from './held-file.ts'
import { entryNames, mayHold, wrapperOf } from './names.ts'
import { readBytes } from './read-bytes.ts'
import { parseLongName, parsePax, parseTarHeader, TAR_BLOCK, type TarHeader, type TarOverride } from './tar.ts'
import { type ContainedInput, metered, type Walk } from './walk.ts'

/** headers' own data (long names, pax records) are read up to this size */
const MAX_HEADER_DATA = 1024 * 1024

const SPARSE = 'packed as a sparse file, which is not read; unpack it and give the folder'

/** The inputs of a tar archive. Links, folders, devices and pipes have no bytes in it: they are passed over. */
export async function* walkTar(found: Input, depth: number, walk: Walk): AsyncGenerator<Input> {
  const { input: archive, close } = held(found)
  const direct = archive.path !== undefined || (archive as ContainedInput).seekable === true
  const cursor = direct ? undefined : new Cursor(archive.open())
  const take = (at: number, length: number): Promise<Buffer> =>
    cursor ? cursor.take(at, length) : readBytes(archive, at, at + length)
  let override: TarOverride = {}
  const nameOf = entryNames()
  try {
    let needed = 0
    for (let at = 0; ; ) {
      const block = await take(at, TAR_BLOCK)
      // The last entry's padding may be missing, its bytes may not.
      if (block.length === 0 && (cursor?.at ?? archive.size ?? 0) < needed)
        throw new InputError(archive.name, 'the tar archive is cut off')
      if (block.length === 0 || block.every((byte) => byte === 0)) return
      if (block.length < TAR_BLOCK) throw new InputError(archive.name, 'the tar archive is cut off')
      const header = { ...parseTarHeader(block, archive.name, at), ...override }
      if (!(header.size >= 0 && Number.isSafeInteger(header.size)))
        throw new InputError(archive.name, `a tar archive that is damaged at offset ${at}`)
      const data = at + TAR_BLOCK
      needed = data + header.size
      at = data + Math.ceil(header.size / TAR_BLOCK) * TAR_BLOCK
      if (header.type === 'x' || header.type === 'L') {
        const said = await take(data, Math.min(header.size, MAX_HEADER_DATA))
        override = { ...override, ...(header.type === 'x' ? parsePax(said) : { name: parseLongName(said) }) }
        continue
      }
      if (header.type === 'K' || header.type === 'g') continue
      const { isSparse = header.type === 'S' } = override
      override = {}
      if (isSparse) {
        walk.onProblem({
          name: nameOf(`${wrapperOf(archive.name)}!${header.name}`),
          problem: SPARSE,
          bytes: header.size,
        })
        continue
      }
      if (header.type !== '0' && header.type !== '7') continue
      const name = nameOf(`${wrapperOf(archive.name)}!${header.name}`)
      walk.budget.enter(archive.name)
      if (!mayHold(name, walk.only)) continue
      const input = cursor
        ? await liveInput(cursor, () => archive.open(), { name, size: header.size, offset: data })
        : directInput(archive, header, data, name)
      yield* walk.inside(cursor ? input : metered(input, walk.budget), depth + 1)
    }
  } finally {
    await cursor?.close()
    close()
  }
}

function directInput(archive: Input, header: TarHeader, data: number, name: string): ContainedInput {
  const size = Math.max(0, Math.min(header.size, (archive.size ?? header.size) - data))
  return {
    name,
    size,
    seekable: true,
    open: (start = 0, end = size) => archive.open(data + start, data + Math.min(end, size)),
  }
}
