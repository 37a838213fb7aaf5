// Everything that is read from events: facts, and one extractor a channel kind. A new kind is a file, and a line here.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import type { FactExtractor, ReadFacts } from '../facts/extractor.ts'
import type { Fact } from '../facts/fact.ts'
import { factExtractors } from '../facts/index.ts'
import { beginEvent, endEvent } from '../facts/once-per-event.ts'
import { anonymousPipe } from './anonymous-pipe.ts'
import { appleEvent } from './apple-event.ts'
import { com } from './com.ts'
import { dbus } from './dbus.ts'
import { dcom } from './dcom.ts'
import { dde } from './dde.ts'
import { fifo } from './fifo.ts'
import { machPort } from './mach-port.ts'
import { mailslot } from './mailslot.ts'
import { namedPipe } from './named-pipe.ts'
import { ptrace } from './ptrace.ts'
import { rpc } from './rpc.ts'
import { messageQueue, semaphore, sharedMemory } from './system-v-ipc.ts'
import { unixSocket } from './unix-socket.ts'
import { xpc } from './xpc.ts'

export const channelExtractors: readonly FactExtractor[] = [
  namedPipe,
  anonymousPipe,
  com,
  dcom,
  rpc,
  dde,
  mailslot,
  unixSocket,
  fifo,
  messageQueue,
  sharedMemory,
  semaphore,
  dbus,
  ptrace,
  xpc,
  machPort,
  appleEvent,
]

export const extractors: readonly FactExtractor[] = [...factExtractors, ...channelExtractors]

/** All readers of a shape as one; undefined when nothing reads such events. Keep the result by shape: binding is slow. */
export function bindAll(shape: SourceShape): ReadFacts | undefined {
  const readers = extractors.map((extractor) => extractor.bind(shape)).filter((reader) => reader !== undefined)
  if (readers.length <= 1) return readers[0]
  return (event: SourceEvent, emit: (fact: Fact) => void) => {
    beginEvent()
    try {
      for (let at = 0; at < readers.length; at++) readers[at](event, emit)
    } finally {
      endEvent()
    }
  }
}
