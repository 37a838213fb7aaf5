// SMB 1 and 2: sessions with their accounts, tree connects, opens of files and pipes. Requests are kept until they are answered: what was refused is told as Zeek's
// smb_cmd, what was granted as smb_mapping and smb_files. Sources: [MS-SMB2] 2.2, [MS-CIFS] 2.2.4; Zeek, scripts/base/protocols/smb.
import {
  accountFields,
  type NtlmChallenge,
  type NtlmProof,
  ntlmChallenge,
  ntlmProof,
  securityServices,
  type Tickets,
  type WireAccount,
} from './accounts.ts'
import type { Connection } from './connections.ts'
import { type Fields, flagIn, numberIn, textIn, valuesIn } from './layers.ts'
import { statusName } from './nt-status.ts'
import type { EmitWire, Place } from './wire-events.ts'

/** The two versions' names for the same things. */
interface Dialect {
  readonly prefix: string
  readonly session: number
  readonly tree: number
  readonly create: number
  readonly command: string
  readonly response: string
  readonly status: string
  readonly message: string
  readonly sessionId: string
  readonly file: string
  readonly name: string
  readonly path: string
}

const SMB2: Dialect = {
  prefix: 'smb2',
  session: 1,
  tree: 3,
  create: 5,
  command: 'smb2_smb2_cmd',
  response: 'smb2_smb2_flags_response',
  status: 'smb2_smb2_nt_status',
  message: 'smb2_smb2_msg_id',
  sessionId: 'smb2_smb2_sesid',
  file: 'smb2_smb2_fid',
  name: 'smb2_smb2_filename',
  path: 'smb2_smb2_tree',
}
const SMB1: Dialect = {
  prefix: 'smb',
  session: 0x73,
  tree: 0x75,
  create: 0xa2,
  command: 'smb_smb_cmd',
  response: 'smb_smb_flags_response',
  status: 'smb_smb_nt_status',
  message: 'smb_smb_mid',
  sessionId: 'smb_smb_uid',
  file: 'smb_smb_fid',
  name: 'smb_smb_file',
  path: 'smb_smb_path',
}

interface Request {
  readonly place: Place
  readonly time: number
  readonly name?: string
  readonly path?: string
  readonly session?: WireAccount
  readonly proof?: NtlmProof
}

export interface OpenFile {
  readonly name: string
  readonly path?: string
}

interface SmbState {
  readonly requests: Map<string, Request>
  /** by session id */
  readonly accounts: Map<string, WireAccount>
  /** by file id */
  readonly files: Map<string, OpenFile>
  /** SMB 1: paths of shares by tree id, their kinds by path */
  readonly trees: Map<string, string>
  readonly kinds: Map<string, string>
  challenge?: NtlmChallenge
}

/** of each, in one connection; the oldest go first */
const MAX_KEPT = 4096
const PENDING = 0x103
const MORE_PROCESSING = 0xc0000016

/** [MS-SMB2] 2.2.10 */
const SHARE_TYPES: Readonly<Record<number, string>> = { 1: 'DISK', 2: 'PIPE', 3: 'PRINT' }
/** [MS-CIFS] 2.2.4.55.2: what the server calls the service. */
const SERVICES: Readonly<Record<string, string>> = { 'A:': 'DISK', IPC: 'PIPE', 'LPT1:': 'PRINT' }

export class Smb {
  readonly #states = new WeakMap<Connection, SmbState>()
  readonly #emit: EmitWire
  readonly #tickets: Tickets

  constructor(emit: EmitWire, tickets: Tickets) {
    this.#emit = emit
    this.#tickets = tickets
  }

  /** One message. */
  take(layer: Fields, version: 1 | 2, connection: Connection, place: Place, time: number): void {
    const dialect = version === 2 ? SMB2 : SMB1
    const command = numberIn(layer, dialect.command)
    if (command !== dialect.session && command !== dialect.tree && command !== dialect.create) return
    connection.services.add('smb')
    const state = this.#stateOf(connection)
    const message = textIn(layer, dialect.message) ?? ''
    const key = `${dialect.prefix} ${command} ${message}`
    if (!flagIn(layer, dialect.response)) {
      keep(state.requests, key, this.#request(layer, dialect, state, connection, place, time))
      return
    }
    const status = numberIn(layer, dialect.status) ?? 0
    if (status === PENDING) return
    const request = state.requests.get(key)
    state.requests.delete(key)
    const answer: Answer = { layer, dialect, connection, status, request }
    if (command === dialect.session) this.#sessionAnswered(state, answer)
    else if (command === dialect.tree) this.#treeAnswered(state, answer)
    else this.#createAnswered(state, answer)
  }

  /** The open file of an id. */
  fileOf(id: string, connection: Connection): OpenFile | undefined {
    return this.#states.get(connection)?.files.get(id)
  }

  accountOf(layer: Fields, version: 1 | 2, connection: Connection): WireAccount | undefined {
    const id = textIn(layer, version === 2 ? SMB2.sessionId : SMB1.sessionId)
    return id === undefined ? undefined : this.#states.get(connection)?.accounts.get(id)
  }

  /** Nothing more comes: what was asked and never answered is told as asked. */
  end(connection: Connection): void {
    for (const [key, request] of this.#states.get(connection)?.requests ?? []) {
      const [version, command] = key.split(' ')
      const dialect = version === SMB2.prefix ? SMB2 : SMB1
      if (Number(command) === dialect.session) continue
      const asked = Number(command) === dialect.tree ? 'tree_connect' : 'create'
      this.#refused(asked, { ...NO_ANSWER, dialect, connection, request })
    }
    this.#states.delete(connection)
  }

  #stateOf(connection: Connection): SmbState {
    let state = this.#states.get(connection)
    if (!state) {
      const newMap = <T>() => new Map<string, T>()
      state = { requests: newMap(), accounts: newMap(), files: newMap(), trees: newMap(), kinds: newMap() }
      this.#states.set(connection, state)
    }
    return state
  }

  #request(
    layer: Fields,
    dialect: Dialect,
    state: SmbState,
    connection: Connection,
    place: Place,
    time: number,
  ): Request {
    for (const service of securityServices(layer)) connection.services.add(service)
    const session = state.accounts.get(textIn(layer, dialect.sessionId) ?? '')
    const proof = numberIn(layer, dialect.command) === dialect.session ? ntlmProof(layer) : undefined
    return {
      place,
      time,
      name: textIn(layer, dialect.name),
      // SMB 1: tshark gives a path to the header's tree id too, which a tree connect has yet to get; the path asked for comes behind it.
      path: valuesIn(layer, dialect.path).at(-1) ?? state.trees.get(textIn(layer, 'smb_smb_tid') ?? ''),
      session: proof ?? this.#tickets.holder(layer) ?? session,
      proof,
    }
  }

  #sessionAnswered(state: SmbState, { layer, dialect, connection, status, request }: Answer): void {
    state.challenge = ntlmChallenge(layer) ?? state.challenge
    if (status === MORE_PROCESSING || !request) return
    const { proof, session } = request
    if (session && status === 0) keep(state.accounts, textIn(layer, dialect.sessionId) ?? '', session)
    if (!proof) return
    this.#emit('ntlm', connection, request.place, request.time, {
      ...accountFields(proof),
      hostname: proof.hostname,
      ...state.challenge,
      success: status === 0,
    })
  }

  #treeAnswered(state: SmbState, answer: Answer): void {
    const { layer, dialect, connection, request, status } = answer
    if (!request) return
    if (status !== 0) {
      this.#refused('tree_connect', answer)
      return
    }
    const { path } = request
    const kind =
      dialect === SMB2
        ? SHARE_TYPES[numberIn(layer, 'smb2_smb2_share_type') ?? 0]
        : SERVICES[textIn(layer, 'smb_smb_service') ?? '']
    if (path !== undefined && kind !== undefined) keep(state.kinds, path, kind)
    if (dialect === SMB1 && path !== undefined) keep(state.trees, textIn(layer, 'smb_smb_tid') ?? '', path)
    this.#emit('smb_mapping', connection, request.place, request.time, {
      path,
      share_type: kind,
      service: dialect === SMB1 ? textIn(layer, 'smb_smb_service') : undefined,
      ...accountFields(request.session),
    })
  }

  #createAnswered(state: SmbState, answer: Answer): void {
    const { layer, dialect, connection, request, status } = answer
    if (!request) return
    if (status !== 0) {
      this.#refused('create', answer)
      return
    }
    const { path } = request
    const given = request.name ?? textIn(layer, dialect.name) ?? ''
    // SMB 1 writes pipes with a backslash in front.
    const name = given.replace(/^\\/, '') || '<share_root>'
    const id = textIn(layer, dialect.file)
    if (id !== undefined) keep(state.files, id, { name, path })
    const isPipe = (path !== undefined && state.kinds.get(path) === 'PIPE') || /(?:^|\\)IPC\$$/i.test(path ?? '')
    this.#emit('smb_files', connection, request.place, request.time, {
      action: isPipe ? 'SMB::PIPE_OPEN' : 'SMB::FILE_OPEN',
      path,
      name,
      size: numberIn(layer, dialect === SMB2 ? 'smb2_smb2_eof' : 'smb_smb_end_of_file'),
      ...accountFields(request.session),
    })
  }

  #refused(command: string, { dialect, connection, request, status }: Answer): void {
    if (!request) return
    this.#emit('smb_cmd', connection, request.place, request.time, {
      command,
      argument: request.name ?? request.path,
      tree: request.path,
      status: Number.isNaN(status) ? undefined : statusName(status),
      version: dialect === SMB2 ? 'SMB2' : 'SMB1',
      ...accountFields(request.session),
    })
  }
}

interface Answer {
  readonly layer: Fields
  readonly dialect: Dialect
  readonly connection: Connection
  /** NaN: there was none */
  readonly status: number
  readonly request: Request | undefined
}

const NO_ANSWER = { layer: {}, status: Number.NaN }

/** The id of the file that a message is about; '': none. A transaction of SMB 1 has it in the layer of the pipe. */
export const fileIdIn = (layer: Fields, version: 1 | 2, pipe: Fields | undefined): string =>
  textIn(layer, version === 2 ? SMB2.file : SMB1.file) ?? (pipe && textIn(pipe, SMB1.file)) ?? ''

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= MAX_KEPT && !map.has(key)) map.delete(map.keys().next().value!)
  map.set(key, value)
}
