// What an image and a command line say by themselves. Each is a hint that adds to a story, never a verdict.
import { imageName, type ProcessNode } from '../graph/graph.ts'
import { decodedCommand } from './decoded-command.ts'

const SHELLS = new Set([
  'cmd.exe',
  'powershell.exe',
  'pwsh.exe',
  'powershell_ise.exe',
  'wscript.exe',
  'cscript.exe',
  'mshta.exe',
  'rundll32.exe',
  'regsvr32.exe',
  'bash.exe',
  'wsl.exe',
  'msbuild.exe',
  'installutil.exe',
  'certutil.exe',
  'bitsadmin.exe',
  'wmic.exe',
  'msiexec.exe',
  'cmstp.exe',
  'forfiles.exe',
  'pcalua.exe',
  'bash',
  'sh',
  'dash',
  'zsh',
  'ksh',
  'fish',
  'python',
  'python3',
  'perl',
  'ruby',
  'php',
  'node',
  'osascript',
]) // prettier-ignore

/** Starts other code at somebody's word: command shells, script hosts and the system binaries that stand in for them. */
export const isInterpreter = (process: ProcessNode) => SHELLS.has(imageName(process.image))

const DISCOVERY =
  /\b(whoami|hostname|ipconfig|systeminfo|tasklist|quser|qwinsta|nltest|netstat|arp|net1?(\.exe)?"?\s+(user|group|localgroup|view|accounts|session|share)|dsquery|klist|id|uname)\b/i

/** A command that asks who and where one is. */
export const isDiscovery = (process: ProcessNode) =>
  DISCOVERY.test(imageName(process.image).replace(/\.exe$/, '')) ||
  (isInterpreter(process) && DISCOVERY.test(process.commandLine ?? ''))

export interface ContentHint {
  text: string
  weight: number
}

const ENCODED_TEXT = 'its command is Base64-encoded'

const HINTS: readonly { pattern: RegExp; text: string; weight: number }[] = [
  {
    pattern: /\s[-/–—―]e(n(c(o(d(e(d(c(o(m(m(a(n(d)?)?)?)?)?)?)?)?)?)?)?)?)?\s+["']?[A-Za-z0-9+/=]{40,}/i,
    text: ENCODED_TEXT,
    weight: 22,
  },
  { pattern: /\s[-/–—―]w(in(dowstyle)?)?\s+(h(idden)?|1)\b/i, text: 'its window is hidden', weight: 8 },
  {
    pattern: /(downloadstring|downloadfile|invoke-webrequest|\biwr\b|net\.webclient|bitstransfer|urlcache)/i,
    text: 'it downloads from the network',
    weight: 14,
  },
  { pattern: /\b(iex|invoke-expression)\b/i, text: 'it evaluates text as code', weight: 10 },
  { pattern: /frombase64string/i, text: 'it unpacks Base64 in memory', weight: 14 },
  {
    pattern: /\bnet1?(\.exe)?"?\s+(user|localgroup|group)\s.*\/add/i,
    text: 'it creates an account or adds one to a group',
    weight: 18,
  },
  {
    pattern: /\bcomsvcs(\.dll)?"?[,\s]+(minidump|#[+-]?0*24)\b|\bprocdump(64)?(\.exe)?\b.*\blsass\b/i,
    text: "it writes another process's memory to a file",
    weight: 22,
  },
  {
    pattern: /\breg(\.exe)?"?\s+save\s+"?(hklm|hkey_local_machine)\\(sam|security|system)\b/i,
    text: 'it saves a registry hive that holds secrets',
    weight: 22,
  },
  {
    pattern: /\bvssadmin(\.exe)?"?\s+delete\s+shadows|\bshadowcopy\b.*\bdelete\b|\bwbadmin(\.exe)?"?\s+delete\b/i,
    text: 'it deletes shadow copies or backups',
    weight: 18,
  },
  { pattern: /\b(javascript|vbscript):/i, text: 'script code stands in its command line', weight: 16 },
  { pattern: /https?:\/\/\S+\.(sct|hta|ps1|vbs|js)\b/i, text: 'it runs a script from a web address', weight: 18 },
  { pattern: /(echo|>)\s*\S*\s*>?\s*\\\\\.\\pipe\\/i, text: 'it writes into a named pipe', weight: 18 },
  {
    pattern: /\bcmd(\.exe)?"?\s+\/q\s+\/c\b.*2>&1/i,
    text: 'its output is redirected the way remote execution tools do',
    weight: 14,
  },
  { pattern: /\\\\127\.0\.0\.1\\(admin|c)\$\\/i, text: 'its output goes to a local administrative share', weight: 18 },
  {
    pattern: /\s-(s\s+)?-?nologo.*-noprofile\s*$|\s-s\s+-nologo\s+-noprofile/i,
    text: 'it runs as a PowerShell session whose input comes from another process (-s)',
    weight: 12,
  },
  {
    pattern: /\bcmd\|.{0,40}'?\s*\/c|\bmsexcel\||ddeauto/i,
    text: 'a DDE formula stands in its command line',
    weight: 26,
  },
] // prettier-ignore

/** What stands out in a command line, and in what it decodes to; the strongest first. */
export function contentHints(process: Pick<ProcessNode, 'commandLine'>): ContentHint[] {
  const command = process.commandLine
  if (!command) return []
  const start = command.length > 4096 ? command.slice(0, 4096) : command
  const decoded = decodedCommand(command)
  const hints: ContentHint[] = HINTS.filter(({ pattern }) => pattern.test(start)).map(({ text, weight }) => ({
    text: decoded && text === ENCODED_TEXT ? `${text}: ${oneLine(decoded)}` : text,
    weight,
  }))
  if (decoded)
    for (const { pattern, text, weight } of HINTS)
      if (!pattern.test(start) && pattern.test(decoded)) hints.push({ text: `decoded, ${text}`, weight })
  return hints.sort((a, b) => b.weight - a.weight)
}

const oneLine = (text: string) => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 160 ? `${line.slice(0, 159)}…` : line
}

const USER_WRITABLE =
  /^(\\\\\?\\)?([a-z]:|\\device\\harddiskvolume\d+)\\(users\\(?!.*\\appdata\\local\\(microsoft|google|programs|slack|zoom|discord|githubdesktop)\\)|windows\\temp\\|temp\\|programdata\\(?!(microsoft|package cache|chocolatey)\\)|perflogs\\|recycler\\|\$recycle\.bin\\|windows\\(tasks|tracing|debug|system32\\spool\\drivers\\color)\\)|^\/(tmp|var\/tmp|dev\/shm|private\/tmp|users\/shared|home\/[^/]+\/\.)/i

/** The image lies where users can write without installing: their desktop, downloads, temporary folders. */
export const isUserWritable = (image: string) => USER_WRITABLE.test(image)

/** Long runs of letters and digits that no person chose: hex, or consonants and mixed case without words. */
export function looksRandom(name: string): boolean {
  const core = name.replace(/^[\\{]+|[}]+$/g, '')
  if (/^[0-9a-f]{16,}$/i.test(core)) return true
  if (/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(core)) return true
  if (!/^[A-Za-z0-9]{5,}$/.test(core)) return false
  const letters = core.replace(/[^A-Za-z]/g, '')
  const digits = core.length - letters.length
  const vowels = letters.replace(/[^aeiouy]/gi, '').length
  const changes = [...core].filter((c, i) => i > 0 && kindOf(c) !== kindOf(core[i - 1])).length
  if (core.length >= 6 && letters.length >= 6 && vowels / letters.length < 0.18) return true
  if (core.length >= 12 && core === core.toUpperCase() && digits === 0 && !/(SERVICE|AGENT|PIPE|SERVER)/.test(core))
    return true
  return core.length >= 8 && changes / core.length > 0.45
}

const kindOf = (c: string) => (c >= '0' && c <= '9' ? 0 : c >= 'A' && c <= 'Z' ? 1 : 2)
