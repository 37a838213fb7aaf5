// AN0628 (ATT&CK DET0224): abuse of the Component Object Model.
import type { Analytic } from '../analytic.ts'
import { activatedServers } from './activated-server.ts'
import { dcomClient } from './dcom-client.ts'
import { dcomExecution } from './dcom-execution.ts'
import { localComExecution } from './local-com.ts'
import { localRelay } from './local-relay.ts'
import { namedClass } from './named-class.ts'
import { refusedActivation } from './refused-activation.ts'
import { shellDriven } from './shell-driven.ts'
import { wmiExecution } from './wmi-execution.ts'
import { wmiRegistry } from './wmi-registry.ts'

export const an0628: Analytic = {
  id: 'AN0628',
  title: 'Abuse of the Component Object Model',
  techniques: ['T1559.001'],
  platforms: ['Windows'],
  find: (context) =>
    [
      dcomExecution,
      activatedServers,
      wmiExecution,
      wmiRegistry,
      dcomClient,
      localComExecution,
      localRelay,
      shellDriven,
      namedClass,
      refusedActivation,
    ].flatMap((pattern) => pattern(context)),
}
