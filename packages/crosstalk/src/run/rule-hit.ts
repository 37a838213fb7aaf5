// A rule's match as a fact: with the process and account that the event is about, so that the graph can place it.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { processAccount } from '../facts/account-ref.ts'
import type { RuleHit } from '../facts/fact.ts'
import { bounded, factBase, MAX_NAME, MAX_TEXT } from '../facts/field.ts'
import { actorRef, processRef } from '../facts/process-ref.ts'

export type ReadRuleHit = (event: SourceEvent, rule: string, matched: Record<string, string>) => RuleHit

/** Once a shape; then a function an event. */
export function bindRuleHit(shape: SourceShape): ReadRuleHit {
  // 4688 calls the new process NewProcessId and its creator ProcessId.
  const process =
    shape.slot('NewProcessId') >= 0
      ? processRef(shape, { pid: ['NewProcessId'], image: ['NewProcessName'], commandLine: ['CommandLine'] })
      : actorRef(shape)
  const account = processAccount(shape)
  const { channel, eventId } = shape
  return (event, rule, matched) => {
    const hit: RuleHit = {
      ...factBase(event),
      kind: 'rule-hit',
      rule,
      channel: bounded(channel, MAX_NAME),
      eventId,
      matched: boundedValues(matched),
    }
    const ref = process(event)
    if (ref.guid !== undefined || ref.pid !== undefined || ref.image !== undefined) hit.process = ref
    const who = account(event)
    if (who.name !== undefined || who.sid !== undefined || who.logonId !== undefined) hit.account = who
    return hit
  }
}

function boundedValues(matched: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(matched))
    if (value.length > MAX_TEXT) matched[name] = bounded(value, MAX_TEXT)
  return matched
}
