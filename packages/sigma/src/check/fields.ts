// Checks of fields: what the events of the log source do not have, and what the log source says already.
import { meantHint } from '../near-name.ts'
import type { Path } from '../parse/rule-document.ts'
import type { DetectionItem } from '../rule.ts'
import { replacing, type Subject } from './subject.ts'

export function checkField(subject: Subject, item: DetectionItem, path: Path, fields: ReadonlySet<string>): void {
  const { field } = item
  if (field === undefined || fields.has(field)) return
  const meant = [...fields].find((one) => one.toLowerCase() === field.toLowerCase())
  if (meant !== undefined) {
    const fix = replacing(subject, path, 'key', `write "${meant}"`, (written) => written.replace(field, meant))
    subject.report('field-case', path, `the field is "${meant}", not "${field}": names are compared with case`, fix)
    return
  }
  const { product, category, service } = subject.rule.kind === 'correlation' ? {} : subject.rule.logSource
  const source = [product, category, service].filter(Boolean).join(' ')
  const hint = meantHint(field, fields) || ' (only what an agent or a pipeline adds would)'
  subject.report('field-unknown', path, `events of ${source} have no field "${field}"${hint}`)
}
