// Values as Sysmon writes them, made of Defender's columns.
import type { FieldValue } from '@crosstalk/sigma'

export const isText = (value: FieldValue | undefined): value is string => typeof value === 'string' && value !== ''

/** Folder and file name; FolderPath mostly has the name at its end already. */
export function joined(folder: FieldValue | undefined, name: FieldValue | undefined): string | undefined {
  if (!isText(folder)) return isText(name) ? name : undefined
  if (!isText(name) || folder.toLowerCase().endsWith(name.toLowerCase())) return folder
  return `${folder.replace(/[\\/]$/, '')}${folder.includes('/') ? '/' : '\\'}${name}`
}

/** Sysmon's short names of the hives (Sysmon documentation, event 12). */
const HIVES: readonly (readonly [string, string])[] = [
  ['HKEY_LOCAL_MACHINE', 'HKLM'],
  ['HKEY_USERS', 'HKU'],
  ['HKEY_CURRENT_USER', 'HKCU'],
  ['HKEY_CLASSES_ROOT', 'HKCR'],
]

export function registryPath(key: FieldValue | undefined, value: FieldValue | undefined): string | undefined {
  if (!isText(key)) return undefined
  const hive = HIVES.find(([long]) => key.toUpperCase().startsWith(long))
  const short = hive ? hive[1] + key.slice(hive[0].length) : key
  return isText(value) ? `${short}\\${value}` : short
}

/** Numbers as Sysmon shows them: `DWORD (0x00000001)`, `QWORD (0x00000000-0x00000001)`. */
export function dwordDetails(data: FieldValue | undefined, type: FieldValue | undefined): FieldValue | undefined {
  const kind = isText(type) ? type.toLowerCase() : ''
  const number = typeof data === 'number' || (isText(data) && /^\d{1,20}$/.test(data)) ? BigInt(data) : undefined
  if (number === undefined || (kind !== 'dword' && kind !== 'qword')) return data
  const hex = number.toString(16).padStart(kind === 'dword' ? 8 : 16, '0')
  return kind === 'dword' ? `DWORD (0x${hex})` : `QWORD (0x${hex.slice(0, -8)}-0x${hex.slice(-8)})`
}

/** `{"PipeName":"\\Device\\NamedPipe\\mojo.1"}` → `\mojo.1` */
export function pipeName(additional: FieldValue | undefined): string | undefined {
  const fields = typeof additional === 'string' ? parse(additional) : additional
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return undefined
  const name = (fields as { readonly [key: string]: FieldValue }).PipeName
  return isText(name) ? name.replace(/^(\\Device\\NamedPipe|\\\\\.\\pipe)(?=\\)/i, '') : undefined
}

function parse(text: string): FieldValue | undefined {
  try {
    return JSON.parse(text) as FieldValue
  } catch {
    return undefined
  }
}
