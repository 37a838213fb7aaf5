// All scenarios, in the order in which they are played: the ordinary day first, then the attacks in it.
import { dcomLateralMovement } from './dcom-lateral-movement.ts'
import { ddeDocument } from './dde-document.ts'
import { ordinaryDay } from './ordinary-day.ts'
import { pipeImpersonation } from './pipe-impersonation.ts'
import type { Scenario } from './scenario.ts'

export const SCENARIOS: readonly Scenario[] = [ordinaryDay, ddeDocument, pipeImpersonation, dcomLateralMovement]
