// DCE/RPC: which interface a client bound to and which operations it asked for, over TCP, UDP and SMB's pipes; activations of DCOM with the class, look-ups at the endpoint
// mapper with what was asked for. Sources: C706 chapter 12, [MS-RPCE] 2.2.2, [MS-DCOM] 2.2.22.2 and 3.1.2.5.2, C706 appendix L (towers).
import { interfaceOfUuid } from '../../events/rpc-interfaces.ts'
import { operationName } from '../../events/rpc-operations.ts'
import { accountFields, ntlmProof, securityServices, type Tickets, type WireAccount } from './accounts.ts'
import { type Connection, settle } from './connections.ts'
import { type Fields, flagIn, layersNamed, numberIn, textIn, valuesIn } from './layers.ts'
import type { OpenFile } from './smb.ts'
import type { EmitWire, Place, WireFields } from './wire-events.ts'

const REQUEST = 0
const BIND = 11
const ALTER_CONTEXT = 14
const AUTH3 = 16
/** [MS-RPCE] 2.2.1.1.8: RPC_C_AUTHN_LEVEL_PKT_PRIVACY */
const SEALED = 6

const ACTIVATOR = '000001a0-0000-0000-c000-000000000046'
const ACTIVATION = '4d9f4ab8-7d1c-11cf-861e-0020af6e7c57'
const SERVICE_CONTROL = '367abb81-9844-35f1-ad32-98f038001003'
const ENDPOINT_MAPPER = 'e1af8308-5d1f-11c9-91a4-08002b14a0fa'
/** transfer syntaxes stand beside interfaces in a tower: NDR, NDR64 */
const TRANSFER_SYNTAXES = new Set(['8a885d04-1ceb-11c9-9fe8-08002b104860', '71710533-beba-4937-8319-b5dbef9ccc36'])
const NO_UUID = '00000000-0000-0000-0000-000000000000'

interface RpcState {
  /** interfaces by pipe and context */
  readonly contexts: Map<string, string>
  /** accounts by security context */
  readonly accounts: Map<string, WireAccount>
  /** calls of which a part was seen and more must come */
  readonly parts: Map<string, Call>
}

/** A call as its first part tells it; what it carries is known when its last part is there. */
interface Call {
  readonly carrier: Carrier
  readonly uuid: string | undefined
  readonly fields: WireFields
}

const MAX_KEPT = 4096

/** What carries a message. */
export interface Carrier {
  readonly connection: Connection
  readonly place: Place
  readonly time: number
  /** who sent this packet */
  readonly sender: { readonly address: string; readonly port: number }
  /** the pipe, where SMB carries it */
  readonly file?: OpenFile
  /** which of the connection's pipes */
  readonly pipeKey: string
  readonly overSmb: boolean
  readonly account?: WireAccount
}

export class DceRpc {
  readonly #states = new WeakMap<Connection, RpcState>()
  readonly #emit: EmitWire
  readonly #tickets: Tickets

  constructor(emit: EmitWire, tickets: Tickets) {
    this.#emit = emit
    this.#tickets = tickets
  }

  /** One message; `packet` holds the layers of what it carries. */
  take(layer: Fields, packet: Fields, carrier: Carrier): void {
    const type = numberIn(layer, 'dcerpc_dcerpc_pkt_type')
    if (type !== REQUEST && type !== BIND && type !== ALTER_CONTEXT && type !== AUTH3) return
    const { connection } = carrier
    connection.services.add('dce_rpc')
    settle(connection, carrier.sender)
    const state = this.#stateOf(connection)
    if (type !== REQUEST) this.#learnAccount(layer, state, carrier)
    if (type === BIND || type === ALTER_CONTEXT) this.#bind(layer, state, carrier)
    else if (type === REQUEST) this.#request(layer, packet, state, carrier)
  }

  #stateOf(connection: Connection): RpcState {
    let state = this.#states.get(connection)
    if (!state) this.#states.set(connection, (state = { contexts: new Map(), accounts: new Map(), parts: new Map() }))
    return state
  }

  #learnAccount(layer: Fields, state: RpcState, { connection, place, time }: Carrier): void {
    for (const service of securityServices(layer)) connection.services.add(service)
    const proof = ntlmProof(layer)
    const account = proof ?? this.#tickets.holder(layer)
    if (!account) return
    if (state.accounts.size < MAX_KEPT) state.accounts.set(textIn(layer, 'dcerpc_dcerpc_auth_ctx_id') ?? '', account)
    if (proof) this.#emit('ntlm', connection, place, time, { ...accountFields(proof), hostname: proof.hostname })
  }

  #bind(layer: Fields, state: RpcState, carrier: Carrier): void {
    const interfaces = valuesIn(layer, 'dcerpc_dcerpc_cn_bind_to_uuid')
    const contexts = valuesIn(layer, 'dcerpc_dcerpc_cn_ctx_id')
    interfaces.forEach((uuid, i) => {
      if (state.contexts.size < MAX_KEPT && contexts[i] !== undefined)
        state.contexts.set(`${carrier.pipeKey} ${contexts[i]}`, uuid.toLowerCase())
    })
    for (const uuid of new Set(interfaces.map((one) => one.toLowerCase())))
      this.#tell(carrier, { packet_type: 'bind', ...interfaceFields(uuid), ...this.#security(layer, state, carrier) })
  }

  #request(layer: Fields, packet: Fields, state: RpcState, carrier: Carrier): void {
    const opnum = numberIn(layer, 'dcerpc_dcerpc_opnum')
    if (opnum === undefined) return
    const context = textIn(layer, 'dcerpc_dcerpc_cn_ctx_id')
    const call = `${carrier.pipeKey} ${textIn(layer, 'dcerpc_dcerpc_cn_call_id') ?? textIn(layer, 'dcerpc_dcerpc_dg_seqnum')}`
    // Without a connection (over UDP) each request says its interface.
    const uuid = (
      textIn(layer, 'dcerpc_dcerpc_dg_if_id') ?? state.contexts.get(`${carrier.pipeKey} ${context ?? ''}`)
    )?.toLowerCase()
    const begun = state.parts.get(call) ?? {
      carrier,
      uuid,
      fields: {
        packet_type: 'request',
        ...(uuid !== undefined && interfaceFields(uuid)),
        operation: uuid === undefined ? undefined : (operationName(uuid, opnum) ?? `unknown-${opnum}`),
        opnum,
        ...this.#security(layer, state, carrier),
      },
    }
    state.parts.delete(call)
    if (isLastPart(layer)) this.#tellCall(begun, packet)
    else {
      if (state.parts.size >= MAX_KEPT) this.#tellOldest(state)
      state.parts.set(call, begun)
    }
  }

  /** Nothing more comes on a connection: calls whose last part was not captured are told without what they carry. */
  end(connection: Connection): void {
    const state = this.#states.get(connection)
    while (state?.parts.size) this.#tellOldest(state)
    this.#states.delete(connection)
  }

  #tellOldest(state: RpcState): void {
    const [key, call] = state.parts.entries().next().value!
    state.parts.delete(key)
    this.#tellCall(call, {})
  }

  #tellCall({ carrier, uuid, fields }: Call, packet: Fields): void {
    this.#tell(carrier, { ...fields, ...(uuid !== undefined && carriedFields(uuid, packet)) })
  }

  #security(layer: Fields, state: RpcState, carrier: Carrier): WireFields {
    const level = numberIn(layer, 'dcerpc_dcerpc_auth_level')
    const own = state.accounts.get(textIn(layer, 'dcerpc_dcerpc_auth_ctx_id') ?? '')
    return { ...accountFields(own ?? carrier.account), sealed: level === SEALED ? true : undefined }
  }

  #tell(carrier: Carrier, fields: WireFields): void {
    const { connection, place, time, file, overSmb } = carrier
    const port = String(connection.resp.port)
    const pipe = file ? `\\pipe\\${file.name.replace(/^\\?pipe\\/i, '')}` : undefined
    this.#emit('dce_rpc', connection, place, time, { named_pipe: overSmb ? pipe : port, ...fields })
  }
}

/** Over UDP there are no parts that matter here. */
const isLastPart = (layer: Fields): boolean =>
  !Object.hasOwn(layer, 'dcerpc_dcerpc_cn_flags') || flagIn(layer, 'dcerpc_dcerpc_cn_flags_last_frag')

/** The name that it is known by, else its UUID. */
const interfaceFields = (uuid: string): WireFields => ({
  endpoint: interfaceOfUuid(uuid)?.name ?? uuid,
  interface_uuid: uuid,
})

const braced = (uuid: string) => `{${uuid.toUpperCase()}}`

/** Classes and interfaces that an activation asks for, services and what they shall run, interfaces that the endpoint mapper is asked about. */
function carriedFields(uuid: string, packet: Fields): WireFields {
  if (uuid === ACTIVATOR) {
    const [layer] = layersNamed(packet, 'isystemactivator')
    return layer ? activationFields(layer, 'isystemactivator_isystemactivator_properties_instninfo_') : {}
  }
  if (uuid === ACTIVATION) {
    const [layer] = layersNamed(packet, 'remact')
    return layer ? activationFields(layer, 'dcom_dcom_') : {}
  }
  if (uuid === SERVICE_CONTROL) {
    const [layer] = layersNamed(packet, 'svcctl')
    return layer ? serviceFields(layer) : {}
  }
  if (uuid !== ENDPOINT_MAPPER) return {}
  const [layer] = layersNamed(packet, 'epm')
  const asked = layer
    ? [...new Set(valuesIn(layer, 'epm_epm_uuid'))].filter((one) => one !== NO_UUID && !TRANSFER_SYNTAXES.has(one))
    : []
  return asked.length
    ? { asked_uuid: asked.join(','), asked_for: asked.map((one) => interfaceOfUuid(one)?.name ?? one).join(',') }
    : {}
}

function activationFields(layer: Fields, prefix: string): WireFields {
  const clsid = textIn(layer, `${prefix}clsid`)
  const iids = [...new Set(valuesIn(layer, `${prefix}iid`))]
  return {
    clsid: clsid && braced(clsid),
    iids: iids.length ? iids.map(braced).join(',') : undefined,
    client_machine: textIn(layer, 'isystemactivator_isystemactivator_properties_si_ci_name'),
  }
}

/** [MS-SCMR] 3.1.4.12 and kin; sealed calls have none. */
const serviceFields = (layer: Fields): WireFields => ({
  service_name: textIn(layer, 'svcctl_svcctl_servicename'),
  binary_path: textIn(layer, 'svcctl_svcctl_binarypathname'),
})
