// COM classes named in texts: scripts and command lines. With a host they are meant to be activated there: DCOM.
import { className } from './com-servers.ts'
import { literalHost, type Reference } from './free-text.ts'

/** True for every text in which comReferences finds anything; cheap. */
export const MAY_NAME_COM =
  /com ?object|gettypefrom|createobject|getobject|\bnew:|clsid|script(?:let)?:|scrobj|-sta\b|winmgmts|wmic|wmi(?:object|method)|\bgwmi\b|wbemscripting|-com\b|invoke-dcom|iwbem/i

const GUID = String.raw`\{?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\}?`
const NAME = String.raw`[A-Za-z_][\w.-]{1,99}`
const QUOTE = String.raw`["'\x60]?`

/** Each pattern: group 1 the class, group 2 (where there is one) the host. */
const PATTERNS: readonly RegExp[] = [
  // PowerShell New-Object, also as module logging writes its parameters
  new RegExp(String.raw`-com(?:object)?\s+${QUOTE}(${GUID}|${NAME})`, 'gi'),
  new RegExp(`name="ComObject"; value="(${GUID}|${NAME})"`, 'gi'),
  // .NET: Type.GetTypeFromProgID / GetTypeFromCLSID (name[, server])
  new RegExp(
    String.raw`GetTypeFrom(?:ProgID|CLSID)\s*\(\s*(?:\[guid\]\s*)?${QUOTE}(${GUID}|${NAME})${QUOTE}(?:\s*,\s*${QUOTE}(\$?[\w.:-]+))?`,
    'gi',
  ),
  // VBScript, JScript: CreateObject(class[, server]), new ActiveXObject(class)
  new RegExp(
    String.raw`(?:CreateObject|ActiveXObject)\s*\(\s*["']{1,2}(${NAME})["']{1,2}(?:\s*,\s*["']{1,2}([\w.:-]+))?`,
    'gi',
  ),
  // monikers and command lines with a class id
  new RegExp(String.raw`(?:\bnew:|clsid:|\bclsid\\|-sta\s+)\s*${QUOTE}(${GUID})`, 'gi'),
]

const MONIKER = /\b(script(?:let)?):\s*(?:https?|ftp|file|[a-z]:|\\)/gi
/** Scriptlets run as COM classes by the programs that load their runtime; a mere list of files names it too. */
const SCRIPT_COMPONENT = /\/i:\S{1,400}\s+\S{0,40}scrobj\b|\b(?:regsvr32|rundll32)\b[^|;\r\n]{0,400}?scrobj\.dll/gi
const WMI_MONIKER = /winmgmts:(?:\{[^}]{0,200}\}!?)?\\{0,4}([\w.:-]*)/gi
const WMIC_NODE = /\bwmic(?:\.exe)?"?\s[^|&]{0,200}?\/node:\s*["']?@?([\w.:-]+)/gi
const WMI_CMDLET =
  /\b(?:invoke-wmimethod|get-wmiobject|set-wmiinstance|register-wmievent|gwmi|iwmi)\b[^|;\r\n]{0,400}?\s-(?:computer(?:name)?|cn)\s+["']?([\w.:$-]+)/gi

export interface ComReference extends Reference {
  /** '' when the text names no host, or only a variable */
  host: string
}

export function* comReferences(text: string): Generator<ComReference> {
  for (const pattern of PATTERNS) {
    for (const match of text.matchAll(pattern)) yield classReference(match[1], match[2], match.index)
  }
  for (const match of text.matchAll(MONIKER))
    yield { name: `${match[1].toLowerCase()} moniker`, host: '', at: match.index }
  for (const match of text.matchAll(SCRIPT_COMPONENT)) yield { name: 'scrobj.dll', host: '', at: match.index }
  for (const [pattern, how] of [
    [WMI_MONIKER, 'winmgmts moniker'],
    [WMIC_NODE, 'wmic /node'],
    [WMI_CMDLET, 'WMI cmdlet'],
  ] as const) {
    for (const match of text.matchAll(pattern))
      yield { name: 'IWbemServices', host: literalHost(match[1]), at: match.index, detail: { how } }
  }
}

function classReference(name: string, host: string | undefined, at: number): ComReference {
  const isId = new RegExp(`^${GUID}$`).test(name)
  const id = `{${name.replace(/[{}]/g, '').toUpperCase()}}`
  const known = isId ? className(id) : undefined
  return {
    name: isId ? id : name,
    host: literalHost(host),
    at,
    detail: { ...(known && { class: known }), ...(host?.startsWith('$') && { server: host }) },
  }
}
