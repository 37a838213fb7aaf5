// For tests: a small capture, made up: a service created over RPC, and names looked up.
import { type Frame, packet, Talk, writePcap } from './capture-writer.ts'
import { dns, rpcBind, rpcRequest } from './message-writer.ts'

const START = Date.UTC(2024, 4, 14, 9) * 1000
const SVCCTL = '367abb81-9844-35f1-ad32-98f038001003'
const LOOKUPS = 12

export function pcapFrames(): Frame[] {
  const talk = new Talk('10.0.0.6', '10.0.0.4', [50_123, 49_700], START)
    .open()
    .ask(rpcBind(SVCCTL))
    .ask(rpcRequest(15))
    .ask(rpcRequest(12, { call: 3 }))
    .close()
  const frames = [...talk.frames]
  for (let at = 0; at < LOOKUPS; at++) {
    const name = `${'n'.repeat(1 + ((at * 7) % 40))}.example`
    const time = START + 1e6 + at * 2000
    const ports = [53_000 + at, 53] as const
    frames.push({ time, bytes: packet('10.0.0.6', '10.0.0.4', ports, dns(at, name)) })
    const back = packet('10.0.0.4', '10.0.0.6', [53, 53_000 + at], dns(at, name, '10.0.0.9'))
    if (at % 3 > 0) frames.push({ time: time + 900, bytes: back })
  }
  return frames
}

/** One bind, two requests, the look-ups; a conversation each. */
export const PCAP_EVENTS = 3 + LOOKUPS + 1 + LOOKUPS
export const pcapSample = () => writePcap(pcapFrames())
