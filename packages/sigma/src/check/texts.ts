// Checks of values that are text: found everywhere, found nowhere, or not the characters that were meant.
import { fold } from '../modifiers/folding.ts'
import { parsePattern } from '../modifiers/sigma-string.ts'
import type { Path } from '../parse/rule-document.ts'
import { compileRegex } from '../regex/linear.ts'
import { parseRegex } from '../regex/parse-regex.ts'
import type { DetectionItem } from '../rule.ts'
import { type Subject, valuePath } from './subject.ts'

/** `isText`: compared as text with wildcards, not as a regular expression, network or number. */
export function checkTexts(subject: Subject, item: DetectionItem, path: Path, isText: boolean): void {
  item.values.forEach((value, at) => {
    if (typeof value !== 'string') return
    const where = valuePath(path, item, subject.raw, at)
    checkCharacters(subject, value, where)
    if (item.field === undefined && KEY_AND_VALUE.test(value))
      subject.report('keyword-field', where, 'this is a keyword: behind the colon of a field stands a space')
    if (isText) {
      checkBreadth(subject, item, value, where)
      checkPaths(subject, item, value, where)
      checkHash(subject, value, where)
    } else if (item.modifiers.includes('re')) checkRegex(subject, item, value, where)
  })
}

/** A field with its modifiers, or a value in quotes, without the space that would make a key of it. */
const KEY_AND_VALUE = /^[A-Za-z]\w*(?:(?:\|[a-z]+)+:\S|:'[^']*'$|:"[^"]*"$)/

/** Control characters, and those that nobody sees. */
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u200b\u2060\ufeff]/
const NAMES: Readonly<Record<string, string>> = { '\t': 'a tab', '\n': 'a line feed', '\r': 'a carriage return' }

function checkCharacters(subject: Subject, value: string, path: Path): void {
  // What is looked at as it is written: that costs.
  const span = /^-|[\u0000-\u001f]/.test(value) ? subject.span(path, 'value') : undefined
  const written = span ? subject.text.slice(span.start, span.end) : ''
  // What double quotes make of the folder \temp or \new.
  const made = written.startsWith('"') ? /[\t\n\r\u0008\u000c\u0007\u000b\u001b]/.exec(value) : null
  const unseen = made ?? UNSEEN.exec(value)
  if (unseen) {
    const code = unseen[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
    const hint = made && /[^\\]\\[tnrbfave]/.test(written) ? ': in double quotes a backslash begins an escape' : ''
    subject.report('value-character', path, `the value holds ${NAMES[unseen[0]] ?? `U+${code}`}${hint}`)
  } else if (/^[\u2018\u201c\u201e].*[\u2019\u201c\u201d]$/.test(value))
    subject.report('value-character', path, 'the quotes of a word processor are part of the value: write \' or "')
  else if (/^-['"]/.test(written) || (/^-\S/.test(written) && /\n\s*-\S/.test(written)))
    subject.report('list-hyphen', path, 'this is one text: behind the hyphen of a list stands a space')
}

function checkBreadth(subject: Subject, item: DetectionItem, value: string, path: Path): void {
  if (item.modifiers.some((one) => /^(base64|base64offset|wide|utf16|expand)/.test(one))) return
  const looksWithin = item.field === undefined || item.modifiers.includes('contains')
  const letters = parsePattern(value)
    .filter((part) => typeof part === 'string')
    .join('').length
  if (value === '') {
    if (looksWithin) subject.report('value-empty', path, 'an empty text is found in every value')
  } else if (letters === 0 && (looksWithin || item.modifiers.length || /^\*+$/.test(value)) && !value.includes('?'))
    subject.report(
      'value-broad',
      path,
      `${JSON.stringify(value)} is found in every value: "exists" asks whether the field is there`,
    )
  else if (looksWithin && letters === 1 && !item.all && /[A-Za-z0-9 ]/.test(value))
    subject.report('value-broad', path, `${JSON.stringify(value)} is found in almost any value`)
}

/** Fields of Windows that hold a whole path, and the one that never has a folder. */
const WHOLE_PATHS =
  /^(?:Image|ParentImage|SourceImage|TargetImage|ImageLoaded|TargetFilename|NewProcessName|ParentProcessName)$/

function checkPaths(subject: Subject, { field = '', modifiers }: DetectionItem, value: string, path: Path): void {
  if (/^\\\\[^\\*?]/.test(value) && !modifiers.some((one) => one === 'contains' || one === 'endswith'))
    subject.report('backslash-unc', path, 'two backslashes are one: a path \\\\server\\share begins with "\\\\\\\\"')
  else if (
    WHOLE_PATHS.test(field) &&
    (!modifiers.length || modifiers.includes('startswith')) &&
    /^[\w.-]+\.(?:exe|dll|sys|com|scr|cpl|ocx|bat|cmd|ps1|vbs|js)$/i.test(value)
  )
    subject.report('path-name', path, `${field} is a whole path: ${field}|endswith: '\\${value}'`)
  else if (WHOLE_PATHS.test(field) && modifiers.join() === 'endswith' && /^\w[\w-]*\.(?:exe|dll)$/i.test(value))
    subject.report('path-start', path, `my${value} ends with ${value}, too: '\\${value}'`)
  else if (field === 'OriginalFileName' && /^\\\w/.test(value) && !modifiers.includes('contains'))
    subject.report('path-name', path, 'OriginalFileName is a name without a folder: no backslash stands before it')
}

/** Hexadecimal digits of the hashes that Sysmon writes as NAME=digits. */
const HASHES: Readonly<Record<string, number>> = { MD5: 32, SHA1: 40, SHA256: 64, IMPHASH: 32 }

/** A hash that lost a digit on its way is never found. Much shorter ones are the start of one on purpose. */
function checkHash(subject: Subject, value: string, path: Path): void {
  const [, name = '', digits = ''] = /^(MD5|SHA1|SHA256|IMPHASH)=(\w{24,})$/i.exec(value) ?? []
  const length = HASHES[name.toUpperCase()]
  if (length === undefined) return
  const other = /[^0-9a-f]/i.exec(digits)?.[0]
  if (other !== undefined) subject.report('hash-form', path, `"${other}" is no digit of a hash`)
  else if (digits.length !== length)
    subject.report('hash-form', path, `${name} has ${length} digits, and here are ${digits.length}`)
}

/** A drive or a folder of Windows behind one backslash, which is \W, \S, \A … in a regular expression. */
const FOLDER =
  /(?:(?<![A-Za-z])[A-Za-z]:|[^\\]|^)(?<!\\)\\(?:Windows|System32|SysWOW64|AppData|drivers|spool|bin)\b|(?<![A-Za-z\\])[A-Za-z]:\\(?!\\)[A-Za-z]/i

function checkRegex(subject: Subject, item: DetectionItem, value: string, path: Path): void {
  if (value !== '' && !/[\\^$.|?*+()[\]{}]/.test(value))
    subject.report(
      'regex-plain',
      path,
      `${JSON.stringify(value)} has nothing of a regular expression: contains|cased says the same`,
    )
  else if (FOLDER.test(value))
    subject.report('regex-backslash', path, 'a folder’s backslash is "\\\\" in a regular expression')
  else if (isFoundEverywhere(value, item.modifiers.filter((one) => /^[ims]$/.test(one)).join('')))
    subject.report('value-broad', path, `${JSON.stringify(value)} is found in every value, for it is found in none`)
}

/** Nothing ties it to a place, and an empty text will do. */
function isFoundEverywhere(source: string, flags: string): boolean {
  try {
    if (/"kind":"assertion"/.test(JSON.stringify(parseRegex(source, flags)))) return false
    return compileRegex(source, flags)('', fold(''))
  } catch {
    return false
  }
}
