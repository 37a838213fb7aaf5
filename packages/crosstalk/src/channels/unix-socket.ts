// Unix domain sockets, as system calls use and command lines name them. Abstract names (Linux) keep their `@`.
import type { SourceShape } from '../events/event.ts'
import type { FactExtractor, ReadFacts } from '../facts/extractor.ts'
import { detailFields, factBase, field } from '../facts/field.ts'
import { actorRef, processRef } from '../facts/process-ref.ts'
import { bindSecurityEvents, type SecurityAct } from './endpoint-security.ts'
import { bindCalls, type ChannelCall } from './unix-calls.ts'
import { bindCommands, type ChannelCommand } from './unix-commands.ts'

const COMMANDS: readonly ChannelCommand[] = [
  {
    pattern:
      /\bn(?:c|cat|etcat)(?:\.\w+)?\s(?=[^|;&]{0,200}?-\w*U)(?=[^|;&]{0,200}?-\w*l)[^|;&]{0,200}?((?:\/|@)[^\s|;&]+)/g,
    tool: 'nc',
    does: 'listen',
  },
  {
    pattern: /\bn(?:c|cat|etcat)(?:\.\w+)?\s(?=[^|;&]{0,200}?-\w*U)[^|;&]{0,200}?((?:\/|@)[^\s|;&]+)/g,
    tool: 'nc',
    does: 'connect',
  },
  { pattern: /\b(?:UNIX|ABSTRACT)-L(?:ISTEN)?:([^\s,"']+)/gi, tool: 'socat', does: 'listen' },
  {
    pattern: /\b(?:UNIX|ABSTRACT)-(?:CONNECT|CLIENT|SENDTO|RECV(?:FROM)?):([^\s,"']+)/gi,
    tool: 'socat',
    does: 'connect',
  },
  { pattern: /--(?:abstract-)?unix-socket[= ]+([^\s"']+)/g, tool: 'curl', does: 'connect' },
  { pattern: /\bunix:\/\/(\/[^\s"',]+)/g, tool: 'unix:// address', does: 'connect' },
]

const CALLS: Readonly<Record<string, ChannelCall>> = {
  bind: { act: 'create', name: 'SocketPath' },
  accept: { act: 'listen', name: 'SocketPath' },
  accept4: { act: 'listen', name: 'SocketPath' },
  connect: { act: 'connect', name: 'SocketPath' },
  sendto: { act: 'send', name: 'SocketPath' },
  sendmsg: { act: 'send', name: 'SocketPath' },
  sendmmsg: { act: 'send', name: 'SocketPath' },
}

const ACTS: Readonly<Record<string, SecurityAct>> = {
  uipc_bind: { act: 'create', name: 'SocketPath' },
  uipc_connect: { act: 'connect', name: 'SocketPath' },
}

export const unixSocket: FactExtractor = {
  name: 'unix-socket',
  bind: (shape) =>
    bindCalls(shape, 'unix-socket', CALLS) ??
    bindSecurityEvents(shape, 'unix-socket', ACTS) ??
    bindTransfer(shape) ??
    bindCommands(shape, 'unix-socket', /-\w*U|unix|abstract/i, COMMANDS),
}

/** Bytes that went from one process to another (IPCDump): both ends are known. Sockets without a path are left out. */
function bindTransfer(shape: SourceShape): ReadFacts | undefined {
  if (!shape.is({ product: 'linux', service: 'ipcdump' }) || !/^unix-/.test(String(shape.eventId))) return undefined
  const path = field(shape, ['SocketPath'])
  const actor = actorRef(shape)
  const target = processRef(shape, { pid: ['TargetProcessId'], image: ['TargetImage'] })
  const detail = detailFields(shape, ['type', 'meta.count', 'meta.inode'])
  return (event, emit) => {
    const name = path(event)
    if (name === undefined || name === '<anonymous>') return
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'unix-socket', host: event.host, name },
      act: 'send',
      actor: actor(event),
      peer: { process: target(event) },
      detail: detail(event),
    })
  }
}
