// A YAML document becomes a rule: checked once here, trusted afterwards. Anything wrong is a SigmaError that says where.
import { SigmaError } from '../errors.ts'
import type { CorrelationRule, DetectionRule, Rule } from '../rule.ts'
import { parseAggregation } from './aggregation.ts'
import { parseCorrelation, timespanOf } from './correlation.ts'
import { parseDetectionSection } from './detection.ts'
import { parseFilter } from './filter.ts'
import { parseLogSource, parseMetadata } from './metadata.ts'
import {
  fail,
  isMapping,
  type Mapping,
  nearKey,
  optionalText,
  type Path,
  placeRule,
  type RuleDocument,
} from './rule-document.ts'
import type { YamlDocument } from './yaml.ts'

export interface ParsedDocument {
  /** one rule; two where Sigma 1 said in one what is a rule and a correlation now */
  readonly rules: readonly Rule[]
  /** forms of Sigma 1 that were read */
  readonly deprecated: readonly SigmaError[]
}

/** Parses one document. Throws SigmaError. */
export function parseRule(document: YamlDocument): ParsedDocument {
  const deprecated: SigmaError[] = []
  const rules = parseKind(document, deprecated)
  for (const rule of rules) placeRule(rule, document)
  return { rules, deprecated }
}

function parseKind(document: YamlDocument, deprecated: SigmaError[]): Rule[] {
  if (!isMapping(document.value))
    fail(document, [], 'structure', 'a rule is a mapping (title: …, logsource: …, detection: …)')
  const ours = document as RuleDocument
  if ('correlation' in ours.value) return [parseCorrelation(ours)]
  if ('filter' in ours.value) return [parseFilter(ours)]
  if ('detection' in ours.value) return parseDetectionRule(ours, deprecated)
  const meant = nearKey(ours.value, ['detection', 'correlation', 'filter'])
  return fail(
    ours,
    meant ? [meant.key] : [],
    'structure',
    meant
      ? `"${meant.key}" is no key of Sigma: "${meant.name}" was meant?`
      : 'neither detection, nor correlation, nor filter: this is no Sigma rule',
  )
}

function parseDetectionRule(document: RuleDocument, deprecated: SigmaError[]): Rule[] {
  const { detections, conditions, aggregation } = parseDetectionSection(document, ['detection'])
  const timeframe = optionalText(document, ['detection', 'timeframe'], (document.value.detection as Mapping).timeframe)
  const rule: DetectionRule = {
    kind: 'rule',
    ...parseMetadata(document),
    logSource: parseLogSource(document, ['logsource']),
    detections,
    conditions,
    timeframe,
  }
  if (aggregation !== undefined) return aggregated(document, rule, aggregation, deprecated)
  if (timeframe !== undefined)
    note(
      document,
      ['detection', 'timeframe'],
      'timeframe is Sigma 1, and without an aggregation it means nothing',
      deprecated,
    )
  return [rule]
}

function note(document: YamlDocument, path: Path, message: string, deprecated: SigmaError[]): void {
  deprecated.push(new SigmaError('deprecated', message, document.locate(path)))
}

/** A rule with an aggregation is a rule that gives no matches of its own and the correlation that bears its name. */
function aggregated(document: RuleDocument, rule: DetectionRule, text: string, deprecated: SigmaError[]): Rule[] {
  const path = ['detection', 'condition']
  const aggregation = parseAggregation(text)
  if (typeof aggregation === 'string') return fail(document, path, 'unsupported', aggregation)
  if (rule.timeframe === undefined)
    return fail(document, path, 'unsupported', 'the aggregation behind "|" has no timeframe to count over')
  const timespan = timespanOf(rule.timeframe)
  if (timespan === undefined)
    return fail(document, ['detection', 'timeframe'], 'value', `timeframe "${rule.timeframe}": 30s, 15m, 1h, 7d …`)
  note(document, path, 'aggregations behind "|" are Sigma 1: write a correlation rule instead', deprecated)
  const events = `${rule.id ?? rule.title}#events`.toLowerCase()
  const correlation: CorrelationRule = {
    ...parseMetadata(document),
    kind: 'correlation',
    type: aggregation.type,
    rules: [events],
    groupBy: aggregation.groupBy,
    timespan,
    aliases: new Map(),
    condition: { bounds: [aggregation.bound], ...(aggregation.field !== undefined && { field: [aggregation.field] }) },
    generate: false,
  }
  return [{ ...rule, id: events, name: undefined, title: `${rule.title} (events)` }, correlation]
}
