// Every analytic, in the order in which their findings are told.
import { an0628 } from './an0628/index.ts'
import { an1357 } from './an1357/index.ts'
import { an1393 } from './an1393.ts'
import type { Analytic, AnalyticContext, Detection } from './analytic.ts'
import { ruleLedAnalytic } from './rule-led.ts'
import { unixChannelsAnalytic } from './unix-channels.ts'

export const analytics: readonly Analytic[] = [an0628, an1357, an1393, unixChannelsAnalytic, ruleLedAnalytic]

/** Everything that the analytics find in a graph. */
export function findAll(context: AnalyticContext): Detection[] {
  return analytics.flatMap((analytic) => analytic.find(context))
}

export type { Analytic, AnalyticContext, Detection, RuleInfo } from './analytic.ts'
