// Named pipes. Sysmon 17 and 18 show the local file system of pipes: a client on another machine appears as the process `System`, which is the SMB
// server. Security 5145 and 5140 show that client's address and account; 4656 and 4663 show audited handles.
import type { SourceEvent, SourceShape } from '../events/event.ts'
import { interfaceOfPipe } from '../events/rpc-interfaces.ts'
import { processAccount, subjectAccount } from '../facts/account-ref.ts'
import { parseAddress, parsePort } from '../facts/address.ts'
import type { FactExtractor, ReadFacts } from '../facts/extractor.ts'
import type { Observation } from '../facts/fact.ts'
import { detailFields, factBase, field, MAX_TEXT } from '../facts/field.ts'
import { actorRef } from '../facts/process-ref.ts'
import { bindRegistryWrite } from '../facts/registry-write.ts'
import { isWindowsEvent } from '../facts/windows-event.ts'
import { bindReferences, type Reference, together } from './free-text.ts'
import { boundPipeStreams, isAnonymousPipe, pipeName, pipeStreams, stringBindings, uncNames } from './pipe-name.ts'
import { wireEnds } from './zeek-ends.ts'

export const namedPipe: FactExtractor = {
  name: 'named-pipe',
  bind: (shape) =>
    bindPipeEvent(shape) ??
    bindShareFile(shape) ??
    bindShare(shape) ??
    bindHandle(shape) ??
    bindServerTrace(shape) ??
    bindWireRpc(shape) ??
    bindWireShare(shape) ??
    bindWireOpen(shape) ??
    together(bindSetting(shape), bindReferences(shape, 'named-pipe', /pipe/i, pipeReferences)),
}

/**
 * Whether a pipe event is its server's or a client's. Sysmon 17 and 18: by event id, since Sysmon before 10 has no EventType and collectors overwrite
 * it. Defender XDR's NamedPipeEvent: by `NamedPipeEnd` among its additional fields.
 */
export function pipeAct(shape: SourceShape): ((event: SourceEvent) => 'create' | 'connect') | undefined {
  if (isWindowsEvent(shape, 'sysmon', 17)) return () => 'create'
  if (isWindowsEvent(shape, 'sysmon', 18)) return () => 'connect'
  if (!shape.is({ product: 'windows', category: 'pipe_created' })) return undefined
  const eventType = field(shape, ['EventType'], 64)
  const additional = field(shape, ['AdditionalFields'], MAX_TEXT)
  return (event) =>
    /connect/i.test(eventType(event) ?? '') || /NamedPipeEnd\W{1,6}Client/i.test(additional(event) ?? '')
      ? 'connect'
      : 'create'
}

/** Chromium's and Teams's mojo pipes come by the thousand: this reader makes one flat object a pipe and looks at nothing else. */
function bindPipeEvent(shape: SourceShape): ReadFacts | undefined {
  const actOf = pipeAct(shape)
  if (!actOf) return undefined
  const name = field(shape, ['PipeName'])
  const actor = actorRef(shape)
  const account = processAccount(shape)
  return (event, emit) => {
    const pipe = name(event)
    if (pipe === undefined || isAnonymousPipe(pipe)) return
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'named-pipe', host: event.host, name: pipeName(pipe) },
      act: actOf(event),
      actor: actor(event),
      account: account(event),
      detail: {},
    })
  }
}

/** A pipe opened through IPC$ (Security 5145, "Detailed File Share"): who, from where, asking for what access. */
export function bindShareFile(
  shape: SourceShape,
  channelOf: (pipe: string) => {
    kind: Observation['channel']['kind']
    name: string
    detail?: Record<string, string>
  } = (pipe) => ({ kind: 'named-pipe', name: pipe }),
): ReadFacts | undefined {
  if (!isWindowsEvent(shape, 'security', 5145)) return undefined
  const share = field(shape, ['ShareName'])
  const target = field(shape, ['RelativeTargetName'])
  const address = field(shape, ['IpAddress'], 64)
  const port = field(shape, ['IpPort'], 16)
  const account = subjectAccount(shape)
  const detail = detailFields(shape, ['ShareName', 'RelativeTargetName', 'AccessMask', 'AccessReason'])
  return (event, emit) => {
    if (!/(?:^|\\)IPC\$$/i.test(share(event) ?? '')) return
    const pipe = pipeName(target(event) ?? '')
    if (pipe === '') return
    const channel = channelOf(pipe)
    const subject = account(event)
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: channel.kind, host: event.host, name: channel.name },
      act: 'connect',
      account: subject,
      peer: { address: parseAddress(address(event)), port: parsePort(port(event)), account: subject },
      detail: { ...detail(event), ...channel.detail },
    })
  }
}

/**
 * The SMB server's own trace (Microsoft-Windows-SMBServer 4 and 8): a session attached to IPC$; a pipe of an RPC service was opened. The request does not say on which share, so a
 * name that is no such pipe may be a file's. Who asked is in no event of these.
 */
function bindServerTrace(shape: SourceShape): ReadFacts | undefined {
  const isAttach = isWindowsEvent(shape, 'smb-server', 4)
  if (!isAttach && !isWindowsEvent(shape, 'smb-server', 8)) return undefined
  const path = field(shape, [isAttach ? 'Path' : 'FileName'])
  const detail = detailFields(shape, ['Path', 'SessionGUID', 'ConnectionGUID', 'TreeConnectGUID', 'DesiredAccess'])
  return (event, emit) => {
    const asked = path(event) ?? ''
    const pipe = isAttach ? 'IPC$' : pipeName(asked)
    if (isAttach ? !/\\IPC\$$/i.test(asked) : interfaceOfPipe(pipe) === undefined) return
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'named-pipe', host: event.host, name: pipe },
      act: isAttach ? 'attach' : 'connect',
      detail: detail(event),
    })
  }
}

/** A session attached to IPC$ itself (Security 5140): which pipe is not said. */
function bindShare(shape: SourceShape): ReadFacts | undefined {
  if (!isWindowsEvent(shape, 'security', 5140)) return undefined
  const share = field(shape, ['ShareName'])
  const address = field(shape, ['IpAddress'], 64)
  const port = field(shape, ['IpPort'], 16)
  const account = subjectAccount(shape)
  const detail = detailFields(shape, ['ShareName', 'AccessMask'])
  return (event, emit) => {
    if (!/(?:^|\\)IPC\$$/i.test(share(event) ?? '')) return
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'named-pipe', host: event.host, name: 'IPC$' },
      act: 'attach',
      account: account(event),
      peer: { address: parseAddress(address(event)), port: parsePort(port(event)) },
      detail: detail(event),
    })
  }
}

/** A handle to a pipe whose security descriptor has an audit entry (Security 4656 asked for, 4663 used). */
function bindHandle(shape: SourceShape): ReadFacts | undefined {
  if (!isWindowsEvent(shape, 'security', 4656, 4663)) return undefined
  const object = field(shape, ['ObjectName'])
  const actor = actorRef(shape)
  const account = subjectAccount(shape)
  const detail = detailFields(shape, ['ObjectType', 'AccessMask', 'AccessList', 'HandleId'])
  return (event, emit) => {
    const name = object(event)
    if (name === undefined || !/^\\device\\namedpipe\\./i.test(name)) return
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'named-pipe', host: event.host, name: pipeName(name) },
      act: 'connect',
      actor: actor(event),
      account: account(event),
      detail: { ObjectName: name, ...detail(event) },
    })
  }
}

/** RPC over a pipe seen on the wire (Zeek's dce_rpc; over TCP `named_pipe` is the port). */
function bindWireRpc(shape: SourceShape): ReadFacts | undefined {
  if (!shape.is({ product: 'zeek', service: 'dce_rpc' })) return undefined
  const named = field(shape, ['named_pipe'])
  const ends = wireEnds(shape)
  const detail = detailFields(shape, ['named_pipe', 'endpoint', 'operation', 'uid'])
  return (event, emit) => {
    const pipe = named(event)
    if (pipe === undefined || /^\d+$/.test(pipe)) return
    const { client, server, account } = ends(event)
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'named-pipe', host: server, name: pipeName(pipe) },
      act: 'connect',
      account,
      peer: client,
      detail: detail(event),
    })
  }
}

/** A session attached to IPC$ on the wire (Zeek's smb_mapping): which pipe is not said. */
function bindWireShare(shape: SourceShape): ReadFacts | undefined {
  if (!shape.is({ product: 'zeek', service: 'smb_mapping' })) return undefined
  const path = field(shape, ['path'])
  const ends = wireEnds(shape)
  const detail = detailFields(shape, ['path', 'share_type', 'uid'])
  return (event, emit) => {
    if (!/(?:^|\\)IPC\$$/i.test(path(event) ?? '')) return
    const { client, server, account } = ends(event)
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'named-pipe', host: server, name: 'IPC$' },
      act: 'attach',
      account,
      peer: client,
      detail: detail(event),
    })
  }
}

/** A pipe opened over SMB on the wire (Suricata's smb, Zeek's smb_files with an action of pipes, or a path on IPC$). */
function bindWireOpen(shape: SourceShape): ReadFacts | undefined {
  const isSuricata = shape.is({ product: 'suricata', service: 'smb' })
  if (!isSuricata && !shape.is({ product: 'zeek', service: 'smb_files' })) return undefined
  const action = field(shape, ['action'], 64)
  const path = field(shape, ['path'])
  const name = field(shape, isSuricata ? ['named_pipe', 'name'] : ['name'])
  const namedPipe = field(shape, isSuricata ? ['named_pipe'] : [])
  const ends = wireEnds(shape)
  const detail = detailFields(shape, ['action', 'path', 'name', 'uid'])
  return (event, emit) => {
    const pipe = pipeName(name(event) ?? '')
    if (pipe === '') return
    const isPipe = namedPipe(event) !== undefined || /PIPE_/.test(action(event) ?? '')
    if (!isPipe && !/(?:^|\\)IPC\$$/i.test(path(event) ?? '')) return
    const { client, server, account } = ends(event)
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'named-pipe', host: server, name: pipe },
      act: 'connect',
      account,
      peer: client,
      detail: detail(event),
    })
  }
}

/** Pipes opened to callers without an account, and other names given to pipes ([MS-SMB2] 3.3.1.8 leaves the first to the server's settings). */
function bindSetting(shape: SourceShape): ReadFacts | undefined {
  const write = bindRegistryWrite(shape)
  if (!write) return undefined
  return (event, emit) => {
    const target = write.target(event)
    const setting =
      /\\(?:lanmanserver\\parameters\\)?(nullsessionpipes|nullsessionshares|restrictnullsessaccess)$|\\(npfs\\aliases(?:\\.+)?)$/i.exec(
        target ?? '',
      )
    if (!target || !setting) return
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'named-pipe', host: event.host, name: setting[1] ?? setting[2] },
      act: 'configure',
      actor: write.actor(event),
      account: write.account(event),
      detail: { TargetObject: target, Details: write.details(event)?.slice(0, MAX_TEXT) ?? '' },
    })
  }
}

function* pipeReferences(text: string): Generator<Reference> {
  yield* uncNames(text, 'pipe')
  yield* stringBindings(text)
  yield* pipeStreams(text)
  yield* boundPipeStreams(text)
}
