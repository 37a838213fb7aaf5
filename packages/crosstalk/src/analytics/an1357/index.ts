// AN1357 (ATT&CK DET0493): abuse of named pipes, of RPC over them, and of anonymous pipes, on Windows.
import type { Analytic } from '../analytic.ts'
import { coercedAuthentication } from './coerced-authentication.ts'
import { directoryRights } from './directory-rights.ts'
import { foreignClient } from './foreign-client.ts'
import { implantPipes } from './implant-pipes.ts'
import { pipeForService } from './pipe-for-service.ts'
import { pipeImpersonation } from './pipe-impersonation.ts'
import { pipeSweep } from './pipe-sweep.ts'
import { remotePipe } from './remote-pipe.ts'
import { remoteRegistry } from './remote-registry.ts'
import { remoteService } from './remote-service.ts'
import { scriptPipe } from './script-pipe.ts'
import { serviceCrash } from './service-crash.ts'
import { wireCalls } from './wire-calls.ts'

export const an1357: Analytic = {
  id: 'AN1357',
  title: 'Abuse of pipes and of the RPC behind them',
  techniques: ['T1559'],
  platforms: ['Windows'],
  find: (context) =>
    [
      remotePipe,
      pipeImpersonation,
      pipeForService,
      pipeSweep,
      implantPipes,
      remoteService,
      remoteRegistry,
      serviceCrash,
      coercedAuthentication,
      directoryRights,
      foreignClient,
      scriptPipe,
      wireCalls,
    ].flatMap((pattern) => pattern(context)),
}
