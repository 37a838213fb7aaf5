// Paths whose bytes are no UTF-8, as file systems of Linux allow: they stay bytes, since no string leads back to them.
import { join } from 'node:path'

export type FilePath = string | Uint8Array

/** As the system's calls take it. */
export const systemPath = (path: FilePath): string | Buffer =>
  typeof path === 'string' ? path : Buffer.from(path.buffer, path.byteOffset, path.length)

/** One valid character of UTF-8 (RFC 3629, section 4), a byte each character. */
const CHARACTER =
  '[\\x00-\\x7f]|[\\xc2-\\xdf][\\x80-\\xbf]|\\xe0[\\xa0-\\xbf][\\x80-\\xbf]|[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}|\\xed[\\x80-\\x9f][\\x80-\\xbf]|' +
  '\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}|[\\xf1-\\xf3][\\x80-\\xbf]{3}|\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}'
const VALID_OR_NOT = new RegExp(`((?:${CHARACTER})+)|([\\x80-\\xff])`, 'g')

/** A name for people: what is no UTF-8 as `\xE9`. */
export const shownName = (name: FilePath): string =>
  typeof name === 'string'
    ? name
    : latin1(name).replace(VALID_OR_NOT, (_, valid?: string, byte?: string) =>
        valid !== undefined
          ? Buffer.from(valid, 'latin1').toString('utf8')
          : `\\x${byte!.charCodeAt(0).toString(16).toUpperCase()}`,
      )

/** The same for the same path, whichever kind it is. */
export const pathKey = (path: FilePath): string => latin1(typeof path === 'string' ? Buffer.from(path) : path)

export function pathBelow(folder: FilePath, name: FilePath): FilePath {
  if (typeof folder === 'string' && typeof name === 'string') return join(folder, name)
  return Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(name)])
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
