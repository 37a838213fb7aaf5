// DCOM: COM between machines. The client's side is told by DistributedCOM's errors (10028 and kin) and by scripts that name a host; the server's side
// by refusals (10016, 10036) and by connections that a COM server takes on a port of its own.
import type { SourceShape } from '../events/event.ts'
import { accountRef } from '../facts/account-ref.ts'
import { FIRST_DYNAMIC_PORT, isLoopback, parseAddress } from '../facts/address.ts'
import { bindConnection } from '../facts/connection.ts'
import type { FactExtractor, ReadFacts } from '../facts/extractor.ts'
import { detailFields, factBase, field, hasField } from '../facts/field.ts'
import { baseName, parsePid } from '../facts/process-ref.ts'
import { windowsEvent } from '../facts/windows-event.ts'
import { isLocalCaller } from './com.ts'
import { comReferences, MAY_NAME_COM } from './com-references.ts'
import { COM_SERVER_IMAGES, className } from './com-servers.ts'
import { bindFreeText, type Reference, readReferences } from './free-text.ts'
import { wireEnds } from './zeek-ends.ts'

export const dcom: FactExtractor = {
  name: 'dcom',
  bind(shape) {
    const text = bindFreeText(shape)
    if (text) return readReferences(text, 'dcom', MAY_NAME_COM, remoteReferences)
    return bindError(shape) ?? bindServed(shape) ?? bindWireActivation(shape)
  },
}

function* remoteReferences(text: string): Generator<Reference> {
  for (const reference of comReferences(text)) if (reference.host !== '') yield reference
}

/** Where DistributedCOM's events keep what (their messages' insertion strings; 10036-10038: KB5004442). pid in hexadecimal in 10028, decimal in 10037/10038. */
interface ErrorLayout {
  clsid?: string
  /** the machine that was asked */
  target?: string
  /** the machine that asked */
  caller?: string
  pid?: string
  image?: string
  user?: { domain: string; name: string; sid: string }
}
const ERRORS: Readonly<Record<number, ErrorLayout>> = {
  10006: { target: 'param2', clsid: 'param3' },
  10009: { target: 'param1' },
  10016: { clsid: 'param4', caller: 'param9', user: { domain: 'param6', name: 'param7', sid: 'param8' } },
  10028: { target: 'param1', pid: 'param2', image: 'param3', clsid: 'param4' },
  10036: { caller: 'param4', user: { domain: 'param1', name: 'param2', sid: 'param3' } },
  10037: { image: 'param1', pid: 'param2', clsid: 'param3', target: 'param4' },
  10038: { image: 'param1', pid: 'param2', clsid: 'param3', target: 'param4' },
}

function bindError(shape: SourceShape): ReadFacts | undefined {
  const windows = windowsEvent(shape)
  const layout = windows?.log === 'distributed-com' ? ERRORS[windows.id] : undefined
  if (!windows || !layout) return undefined
  const read = (name: string | undefined) => field(shape, name ? [name] : [])
  const clsid = read(layout.clsid)
  const target = read(layout.target)
  const caller = read(layout.caller)
  const pid = read(layout.pid)
  const image = read(layout.image)
  const nxlog = hasField(shape, 'AccountName') && hasField(shape, 'Domain')
  const account = accountRef(
    shape,
    layout.user
      ? { domain: [layout.user.domain], name: [layout.user.name], sid: [layout.user.sid] }
      : { name: nxlog ? ['AccountName'] : [], domain: nxlog ? ['Domain'] : [], sid: ['UserID', 'Security_UserID'] },
  )
  const detail = detailFields(
    shape,
    Array.from({ length: 11 }, (_, at) => `param${at + 1}`),
  )
  const isHexPid = windows.id === 10028
  return (event, emit) => {
    if (layout.caller && isLocalCaller(caller(event))) return
    const id = clsid(event)?.trim().toUpperCase() ?? ''
    const known = className(id)
    const asked = target(event)?.trim()
    const number = parsePid(
      isHexPid
        ? pid(event)
            ?.trim()
            .replace(/^(?:0x)?/i, '0x')
        : pid(event),
    )
    const path = image(event)
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'dcom', host: asked ?? event.host, name: id || (path ? baseName(path) : 'activation') },
      act: 'activate',
      actor:
        number === undefined && !path ? undefined : { ...(number && { pid: number }), ...(path && { image: path }) },
      account: account(event),
      peer: asked ? hostOrAddress(asked) : { address: parseAddress(caller(event)) },
      detail: { eventId: String(windows.id), ...detail(event), ...(known && { class: known }) },
    })
  }
}

const hostOrAddress = (text: string) =>
  /^\d+\.\d+\.\d+\.\d+$|:/.test(text) ? { address: parseAddress(text) } : { host: text }

/** A COM server took a connection from another machine on a dynamic port: it listens, the peer is who came. */
function bindServed(shape: SourceShape): ReadFacts | undefined {
  const read = bindConnection(shape)
  if (!read) return undefined
  return (event, emit) => {
    const fact = read(event)
    if (fact?.direction !== 'inbound' || fact.protocol !== 'tcp' || fact.localPort < FIRST_DYNAMIC_PORT) return
    const server = baseName(fact.process.image)
    if (!COM_SERVER_IMAGES.has(server)) return
    if (isLoopback(fact.remoteAddress) || fact.remoteAddress === fact.localAddress) return
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'dcom', host: event.host, name: server },
      act: 'listen',
      actor: fact.process,
      account: fact.user,
      peer: { address: fact.remoteAddress, port: fact.remotePort, host: fact.remoteName },
      detail: { localPort: String(fact.localPort) },
    })
  }
}

/**
 * Interfaces of activation ([MS-DCOM] 1.3.1 and 3.1.2.5), as Zeek names them (scripts/base/protocols/dce-rpc/consts.zeek). IObjectExporter resolves objects and
 * comes with every activation. Zeek does not read the activation's body, so the class stays unknown there; captures say it.
 */
const ACTIVATION: ReadonlyMap<string, readonly string[]> = new Map([
  ['iremotescmactivator', ['remotegetclassobject', 'remotecreateinstance']],
  ['isystemactivator', ['remotegetclassobject', 'remotecreateinstance']],
  ['iactivation', ['remoteactivation']],
  ['iobjectexporter', []],
])

/** An activation seen on the wire: the peer is who was asked from. */
function bindWireActivation(shape: SourceShape): ReadFacts | undefined {
  if (!shape.is({ product: 'zeek', service: 'dce_rpc' })) return undefined
  const endpoint = field(shape, ['endpoint'])
  const operation = field(shape, ['operation'])
  const ends = wireEnds(shape)
  const clsid = field(shape, ['clsid'], 64)
  const detail = detailFields(shape, ['endpoint', 'operation', 'named_pipe', 'uid', 'iids', 'client_machine'])
  return (event, emit) => {
    const name = endpoint(event)
    const operations = name === undefined ? undefined : ACTIVATION.get(name.toLowerCase())
    if (!operations) return
    const asked = operation(event)?.toLowerCase() ?? ''
    const activates = operations.includes(asked)
    const { client, server, account } = ends(event)
    const id = clsid(event)?.toUpperCase()
    const known = id && className(id)
    emit({
      kind: 'observation',
      ...factBase(event),
      channel: { kind: 'dcom', host: server, name: activates ? (id ?? 'activation') : (name ?? '') },
      act: activates ? 'activate' : 'connect',
      account,
      peer: client,
      detail: { ...detail(event), ...(known && { class: known }) },
    })
  }
}
