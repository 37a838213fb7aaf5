// What a program file says of itself, and its invented hashes.
import { createHash } from 'node:crypto'

interface Program {
  description: string
  product: string
  company: string
  version: string
}

const WINDOWS: Program = {
  description: '',
  product: 'Microsoft® Windows® Operating System',
  company: 'Microsoft Corporation',
  version: '10.0.19041.3636',
}
const OFFICE: Program = {
  description: '',
  product: 'Microsoft Office',
  company: 'Microsoft Corporation',
  version: '16.0.17328.20282',
}
const UNKNOWN: Program = { description: '-', product: '-', company: '-', version: '-' }

const BY_FOLDER: readonly [RegExp, Program][] = [
  [/\\Microsoft Office\\/i, OFFICE],
  [/\\(Edge|EdgeWebView|EdgeUpdate)\\/i, { ...WINDOWS, product: 'Microsoft Edge', version: '122.0.2365.66' }],
  [/\\Teams\\|MSTeams_/i, { ...WINDOWS, product: 'Microsoft Teams', version: '24033.811.2738.2546' }],
  [
    /\\Kestrel RMM\\/i,
    { description: 'Kestrel agent', product: 'Kestrel RMM', company: 'Kestrel Software', version: '7.4.1.0' },
  ],
  [/\\LedgerPro\\/i, { description: 'LedgerPro', product: 'LedgerPro', company: 'Ledger Tools', version: '12.2.0.0' }],
  [/\\Draftworks\\/i, { description: 'Draftworks', product: 'Draftworks', company: 'Draftworks', version: '9.0.3.0' }],
  [/^C:\\Windows\\/i, WINDOWS],
]

export function program(image: string) {
  const name = image.split('\\').at(-1)!
  const known = BY_FOLDER.find(([folder]) => folder.test(image))?.[1] ?? UNKNOWN
  return {
    ...known,
    description: known.description || name.replace(/\.exe$/i, ''),
    originalFileName: known === UNKNOWN ? '-' : name,
  }
}

/** SHA-256 of nothing but the path, so that a file has the same hash everywhere in the office. */
export function hashes(image: string): string {
  return `SHA256=${createHash('sha256').update(`ashdown ${image.toLowerCase()}`).digest('hex').toUpperCase()}`
}
