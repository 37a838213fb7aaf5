// summary.json: the account, and what was found in numbers.
import type { Finding, Level } from '../cases/case.ts'
import type { Verdict } from '../cases/judge.ts'
import type { RunAccount, RunSummary } from './account.ts'
import { version } from './version.ts'

export const noneByLevel = (): Record<Level, number> => ({ informational: 0, low: 0, medium: 0, high: 0, critical: 0 })

/** `bounds`: what the run, beside the verdict, had to leave out. A run that judged nothing has no verdict. */
export function summarise(
  account: RunAccount,
  args: readonly string[],
  verdict?: Verdict,
  bounds: readonly string[] = [],
): RunSummary {
  const cases = verdict?.cases ?? []
  return {
    tool: { name: 'crosstalk', version },
    started: new Date(Date.now() - account.time.total * 1000).toISOString(),
    arguments: [...args],
    account,
    cases: cases.map((one) => ({
      id: one.id,
      title: one.title,
      level: one.level,
      confidence: one.confidence,
      hosts: one.hosts.map((host) => host.name),
      techniques: one.techniques.map((technique) => technique.id),
    })),
    findings: countFindings(verdict?.findings ?? []),
    gaps: [...new Map(cases.flatMap((one) => one.gaps).map((gap) => [gap.text, gap])).values()],
    clocks: verdict?.skews ?? [],
    bounds: [...new Set([...bounds, ...(verdict?.bounds ?? [])])],
  }
}

function countFindings(findings: readonly Finding[]): RunSummary['findings'] {
  const byLevel = noneByLevel()
  const byTechnique = new Map<string, number>()
  const byHost = new Map<string, number>()
  const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1)
  for (const { level, techniques, host } of findings) {
    byLevel[level]++
    for (const technique of techniques) count(byTechnique, technique)
    if (host) count(byHost, host)
  }
  return { total: findings.length, byLevel, byTechnique: sorted(byTechnique), byHost: sorted(byHost) }
}

/** Host names are content: one called `__proto__` must be a key like any other, as fromEntries makes it. */
const sorted = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)))
