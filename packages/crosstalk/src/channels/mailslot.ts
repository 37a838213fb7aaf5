// Mailslots: no Windows log records them. What can be seen is a text that names one, and audited handles (4656, 4663).
import { subjectAccount } from '../facts/account-ref.ts'
import type { FactExtractor } from '../facts/extractor.ts'
import { detailFields, factBase, field } from '../facts/field.ts'
import { actorRef } from '../facts/process-ref.ts'
import { isWindowsEvent } from '../facts/windows-event.ts'
import { bindReferences } from './free-text.ts'
import { uncNames } from './pipe-name.ts'

export const mailslot: FactExtractor = {
  name: 'mailslot',
  bind(shape) {
    if (!isWindowsEvent(shape, 'security', 4656, 4663))
      return bindReferences(shape, 'mailslot', /mailslot/i, (text) => uncNames(text, 'mailslot'))
    const object = field(shape, ['ObjectName'])
    const actor = actorRef(shape)
    const account = subjectAccount(shape)
    const detail = detailFields(shape, ['ObjectType', 'AccessMask'])
    return (event, emit) => {
      const name = /^\\device\\mailslot\\(.+)/i.exec(object(event) ?? '')?.[1]
      if (name === undefined) return
      emit({
        kind: 'observation',
        ...factBase(event),
        channel: { kind: 'mailslot', host: event.host, name },
        act: 'connect',
        actor: actor(event),
        account: account(event),
        detail: detail(event),
      })
    }
  },
}
