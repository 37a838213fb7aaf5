// Gives each layer of a packet to whoever understands it.
import { Tickets } from './accounts.ts'
import { type Connection, settle } from './connections.ts'
import { DceRpc } from './dce-rpc.ts'
import { type Dissection, type Fields, flagIn, layersNamed, numberIn, textIn } from './layers.ts'
import { Dns, Kerberos } from './name-lookups.ts'
import { fileIdIn, Smb } from './smb.ts'
import { Http, Rdp, Tls } from './web.ts'
import type { EmitWire, Place } from './wire-events.ts'

/** Protocols of which tshark tells everything. */
export const LAYERS = [
  'frame',
  'ip',
  'ipv6',
  'smb',
  'smb_pipe',
  'smb2',
  'dcerpc',
  'isystemactivator',
  'remact',
  'epm',
  'svcctl',
  'dns',
  'kerberos',
  'http',
  'tls',
  'rdp',
]

/** Packets that something can be told of. What files hold, and answers of RPC, are left out: nobody asks for them, and they are most of a capture. */
export const FILTER = [
  'smb2.cmd == 1',
  'smb2.cmd == 3',
  'smb2.cmd == 5',
  'smb.cmd == 0x73',
  'smb.cmd == 0x75',
  'smb.cmd == 0xa2',
  'dcerpc.pkt_type == 0',
  'dcerpc.pkt_type == 11',
  'dcerpc.pkt_type == 14',
  'dcerpc.pkt_type == 16',
  'dns',
  'kerberos',
  'http.request',
  'http.response',
  'tls.handshake.type == 1',
  'tls.handshake.type == 2',
  'tls.handshake.type == 11',
  'rdp.rt_cookie',
  'rdp.negReq.requestedProtocols',
].join(' || ')

/** SMB commands that carry bytes of pipes: write, IOCTL; in SMB 1 write and transaction. */
const CARRYING: Readonly<Record<1 | 2, ReadonlySet<number>>> = { 1: new Set([0x2f, 0x25]), 2: new Set([9, 11]) }

export class Dissector {
  readonly #tickets = new Tickets()
  readonly #smb: Smb
  readonly #rpc: DceRpc
  readonly #dns: Dns
  readonly #kerberos: Kerberos
  readonly #http: Http
  readonly #tls: Tls
  readonly #rdp: Rdp

  constructor(emit: EmitWire) {
    this.#smb = new Smb(emit, this.#tickets)
    this.#rpc = new DceRpc(emit, this.#tickets)
    this.#dns = new Dns(emit)
    this.#kerberos = new Kerberos(emit, this.#tickets)
    this.#http = new Http(emit)
    this.#tls = new Tls(emit)
    this.#rdp = new Rdp(emit)
  }

  /** One packet: what tshark told of it, and what its bytes did. */
  take({ layers }: Dissection, connection: Connection, sender: Sender, place: Place, time: number): void {
    for (const layer of layersNamed(layers, 'kerberos')) this.#kerberos.take(layer, connection, place, time)
    for (const layer of layersNamed(layers, 'dns')) this.#dns.take(layer, connection, place, time)
    for (const layer of layersNamed(layers, 'http')) this.#http.take(layer, connection, place, time)
    for (const layer of layersNamed(layers, 'tls')) this.#tls.take(layer, connection, place, time)
    for (const layer of layersNamed(layers, 'rdp')) this.#rdp.take(layer, connection, place, time)
    const carriers: { layer: Fields; version: 1 | 2 }[] = []
    for (const [name, version] of [
      ['smb', 1],
      ['smb2', 2],
    ] as const) {
      for (const layer of layersNamed(layers, name)) {
        const isAnswer = flagIn(layer, `${name}_${name}_flags_response`)
        if (!isAnswer && textIn(layer, `${name}_${name}_cmd`) !== undefined) settle(connection, sender)
        this.#smb.take(layer, version, connection, place, time)
        const command = numberIn(layer, `${name}_${name}_cmd`) ?? -1
        if (!isAnswer && CARRYING[version].has(command)) carriers.push({ layer, version })
      }
    }
    const overSmb = layersNamed(layers, 'smb').length + layersNamed(layers, 'smb2').length > 0
    const pipes = layersNamed(layers, 'smb_pipe')
    layersNamed(layers, 'dcerpc').forEach((layer, i) => {
      const at = Math.min(i, carriers.length - 1)
      const by = carriers[at]
      const pipeKey = by ? fileIdIn(by.layer, by.version, pipes[at]) : ''
      this.#rpc.take(layer, layers, {
        connection,
        place,
        time,
        sender,
        overSmb,
        pipeKey,
        file: this.#smb.fileOf(pipeKey, connection),
        account: by && this.#smb.accountOf(by.layer, by.version, connection),
      })
    })
  }

  /** Nothing more comes on a connection. */
  endConnection(connection: Connection): void {
    this.#rpc.end(connection)
    this.#smb.end(connection)
    this.#http.end(connection)
    this.#tls.end(connection)
  }

  end(): void {
    this.#dns.end()
    this.#kerberos.end()
  }
}

export interface Sender {
  readonly address: string
  readonly port: number
}
