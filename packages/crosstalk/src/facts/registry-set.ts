// Registry values that decide how processes may talk or what a call over a channel leaves behind: those of registry-write.ts.
import type { FactExtractor } from './extractor.ts'
import { factBase } from './field.ts'
import { bindRegistryWrite } from './registry-write.ts'

export const registrySet: FactExtractor = {
  name: 'registry-set',
  bind(shape) {
    const write = bindRegistryWrite(shape)
    if (!write) return undefined
    const { target, details, operation, actor, account } = write
    return (event, emit) => {
      const name = target(event)
      if (name === undefined) return
      const detail: Record<string, string> = {}
      const written = details(event)
      if (written !== undefined) detail.Details = written
      const how = operation(event)
      if (how !== undefined) detail.EventType = how
      emit({
        kind: 'effect',
        ...factBase(event),
        what: 'registry-set',
        actor: actor(event),
        account: account(event),
        name,
        detail,
      })
    }
  },
}
