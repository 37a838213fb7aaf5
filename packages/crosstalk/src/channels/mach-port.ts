// Mach ports of tasks: who got the port through which another process can be read, written and made to run code. The channel bears the target's image.
import type { FactExtractor } from '../facts/extractor.ts'
import { bindSecurityEvents, type SecurityAct } from './endpoint-security.ts'

/** get_task gives full control, get_task_read reads memory, the others only look (Apple, Endpoint Security, ESTypes.h). */
const ACTS: Readonly<Record<string, SecurityAct>> = {
  get_task: { act: 'attach', name: 'TargetImage' },
  get_task_read: { act: 'attach', name: 'TargetImage' },
  get_task_inspect: { act: 'attach', name: 'TargetImage' },
  get_task_name: { act: 'attach', name: 'TargetImage' },
  remote_thread_create: { act: 'send', name: 'TargetImage' },
}

export const machPort: FactExtractor = {
  name: 'mach-port',
  bind: (shape) => bindSecurityEvents(shape, 'mach-port', ACTS),
}
