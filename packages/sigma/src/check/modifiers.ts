// Checks of modifiers: those that are written otherwise than other tools read them, contradict each other, or change nothing.
import { parseNetwork } from '../modifiers/ip-network.ts'
import { hasParameter } from '../modifiers/windash.ts'
import type { Path } from '../parse/rule-document.ts'
import type { DetectionItem } from '../rule.ts'
import { replacing, type Subject, valuePath } from './subject.ts'

const ENDS: readonly string[] = ['contains', 'startswith', 'endswith']

export function checkModifiers(subject: Subject, item: DetectionItem, path: Path): void {
  checkCase(subject, path)
  checkCombination(subject, item, path)
  checkIdle(subject, item, path)
  if (item.modifiers.includes('cidr')) checkNetworks(subject, item, path)
  checkAll(subject, item, path)
}

/** As the rule has them, `all` among them. */
const writtenModifiers = (path: Path): string[] => {
  const key = path.findLast((step) => typeof step === 'string')
  return typeof key === 'string' ? key.split('|').slice(1) : []
}

function checkCase(subject: Subject, path: Path): void {
  const upper = writtenModifiers(path).find((one) => one !== one.toLowerCase())
  if (upper === undefined) return
  const fix = replacing(subject, path, 'key', `write "${upper.toLowerCase()}"`, (written) =>
    written.replace(/\|[\w|]+/, (modifiers) => modifiers.toLowerCase()),
  )
  subject.report('modifier-case', path, `modifiers are written in lower case: "${upper.toLowerCase()}"`, fix)
}

function checkCombination(subject: Subject, { modifiers }: DetectionItem, path: Path): void {
  const written = writtenModifiers(path).map((one) => one.toLowerCase())
  const twice = written.find((one, at) => written.indexOf(one) !== at)
  const ends = modifiers.filter((one) => ENDS.includes(one))
  if (twice !== undefined) subject.report('modifier-combination', path, `"${twice}" stands there twice`)
  else if (ends.length > 1)
    subject.report('modifier-combination', path, `${ends.join(' and ')}: only one of them can be meant`)
  else if (modifiers.includes('base64offset') && !modifiers.includes('contains'))
    subject.report('modifier-combination', path, 'what base64offset gives is part of a value: base64offset|contains')
}

function checkIdle(subject: Subject, { modifiers, values }: DetectionItem, path: Path): void {
  const texts = values.filter((value) => typeof value === 'string')
  if (texts.length < values.length) return
  if (modifiers.includes('expand') && !texts.some((text) => /%[^%\s]+%/.test(text)))
    subject.report('modifier-idle', path, 'expand has no %placeholder% to replace')
  else if (modifiers.includes('windash') && !texts.some(hasParameter))
    subject.report('modifier-idle', path, 'windash finds no option that begins with a dash or slash')
  else if (modifiers.includes('re') && modifiers.includes('contains'))
    subject.report('modifier-idle', path, 'a regular expression is looked for anywhere: contains says nothing more')
}

/** Bits behind the prefix are no part of a network; other tools refuse them. */
function checkNetworks(subject: Subject, item: DetectionItem, path: Path): void {
  item.values.forEach((value, at) => {
    const network = typeof value === 'string' ? parseNetwork(value) : undefined
    if (!network) return
    const { bytes, prefix } = network
    const own = bytes.map((byte, index) => byte & (0xff00 >> Math.min(Math.max(prefix - index * 8, 0), 8)))
    if (own.every((byte, index) => byte === bytes[index])) return
    const where = valuePath(path, item, subject.raw, at)
    const base = bytes.length === 4 ? `${own.join('.')}/${prefix}` : undefined
    const fix = base
      ? replacing(subject, where, 'value', `write ${base}`, (written) => written.replace(String(value), base))
      : undefined
    subject.report(
      'cidr-host',
      where,
      `${value} has bits behind its prefix${base ? `: the network is ${base}` : ''}`,
      fix,
    )
  })
}

function checkAll(subject: Subject, item: DetectionItem, path: Path): void {
  if (!item.all || item.values.length > 1) return
  const fix = replacing(subject, path, 'key', 'leave "all" out', (written) =>
    written.replace(/\|all(?=\||['"]?$)/i, ''),
  )
  subject.report(
    'all-single',
    path,
    '"all" links values, and there is only one',
    item.field === undefined ? undefined : fix,
  )
}
