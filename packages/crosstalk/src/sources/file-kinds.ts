// What a file that no source reads is, by its first bytes, so that whoever gave it knows why it was left and what to give instead. Magic numbers as the formats' own
// documents state them: [MS-CFB] 2.2, [MS-SHLLINK] 2.1, Forensic file format notes of libyal (regf, esedb, evt, prefetch, tracev3), SQLite 1.3, ELF and PE.
import { isDocument } from './containers/container-format.ts'
import { isUtf16 } from './utf16.ts'

interface FileKind {
  readonly is: string
  readonly at?: number
  readonly magic: string
}

/** Magic numbers as Latin-1. */
const MAGIC: readonly FileKind[] = [
  { is: 'an old Office document or another OLE file', magic: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' },
  { is: 'an RTF document', magic: '{\\rtf' },
  { is: 'a PDF document', magic: '%PDF' },
  { is: 'a Windows program', magic: 'MZ' },
  { is: 'a Linux program', magic: '\x7fELF' },
  { is: 'a macOS program', magic: '\xcf\xfa\xed\xfe' },
  { is: 'a picture', magic: '\x89PNG' },
  { is: 'a picture', magic: '\xff\xd8\xff' },
  { is: 'an SQLite database', magic: 'SQLite format 3\0' },
  { is: 'a registry hive', magic: 'regf' },
  { is: 'an ESE database (SRUM, Active Directory …)', magic: '\xef\xcd\xab\x89', at: 4 },
  { is: 'a prefetch file', magic: 'MAM\x04' },
  { is: 'a prefetch file', magic: 'SCCA', at: 4 },
  { is: 'an NTFS file table ($MFT)', magic: 'FILE0' },
  { is: 'a shortcut (.lnk)', magic: 'L\0\0\0\x01\x14\x02\0' },
  { is: 'a disk image (VHDX)', magic: 'vhdxfile' },
  { is: 'an event log of Windows XP or 2003 (.evt); save it as .evtx on a newer Windows', magic: 'LfLe', at: 4 },
  { is: 'a systemd journal; give the output of `journalctl -o json --file`', magic: 'LPKSHHRH' },
  {
    is: 'a file of the unified log; give the output of `log show --style ndjson --archive`',
    magic: '\x00\x10\x00\x00\x11\x00\x00\x00',
  },
]

/** Told by how their text begins. */
const TEXT: readonly { is: string; begins: RegExp }[] = [
  { is: 'a Sigma rule; give it with --rules', begins: /^(?:[^\0]{0,4000}\n)?(?:detection|correlation):/ },
  { is: 'a web page', begins: /^<(?:!doctype html|html)/i },
  { is: 'XML, but no events of Windows', begins: /^<(?:\?xml|[a-z])/i },
  { is: 'JSON, but not of a tool that is known', begins: /^[[{]/ },
  { is: 'text', begins: /^[^\0]+$/ },
]

const LOOKED_AT = 8_192

/** A few words for people; undefined where the bytes say nothing. */
export function fileKind(head: Uint8Array): string | undefined {
  if (isDocument(head)) return 'an Office document or a program package'
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, LOOKED_AT))
  const latin1 = bytes.toString('latin1')
  const magic = MAGIC.find((kind) => latin1.startsWith(kind.magic, kind.at ?? 0))
  if (magic) return magic.is
  const text = bytes.toString(isUtf16(bytes) ? 'utf16le' : 'utf8').replace(/^[\ufeff\s]+/, '')
  return TEXT.find(({ begins }) => begins.test(text))?.is
}
