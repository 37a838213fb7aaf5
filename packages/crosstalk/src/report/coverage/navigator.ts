// Coverage as a layer of MITRE's ATT&CK Navigator: T1559 and its sub-techniques, by the share of Crosstalk's patterns that the telemetry feeds.
import type { CoverageReport } from '../../coverage/assess.ts'

export function coverageLayer(report: CoverageReport): object {
  const byTechnique = new Map<string, CoverageReport['patterns']>()
  for (const pattern of report.patterns)
    byTechnique.set(pattern.technique, [...(byTechnique.get(pattern.technique) ?? []), pattern])
  return {
    name: 'Crosstalk: coverage of T1559',
    versions: { attack: '18', navigator: '5.1.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description: `${report.hosts.length} hosts. Score: the share of patterns that the telemetry feeds; partly fed ones count half.`,
    gradient: { colors: ['#e0603a', '#f2d77c', '#4a7c59'], minValue: 0, maxValue: 100 },
    techniques: [...byTechnique].map(([techniqueID, patterns]) => ({
      techniqueID,
      tactic: 'execution',
      score: Math.round(
        (100 * patterns.reduce((sum, one) => sum + { fed: 1, partial: 0.5, blind: 0 }[one.status], 0)) /
          patterns.length,
      ),
      comment: patterns
        .map(
          (one) =>
            `${one.analytic}/${one.pattern}: ${one.status}${one.missing.length ? ` (missing: ${one.missing.join(', ')})` : ''}`,
        )
        .join('\n'),
      enabled: true,
    })),
  }
}
