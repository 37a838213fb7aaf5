// HTTP: a request with its answer told as one event, as Zeek's http log does. Bodies are not read: their length is what the headers say, their kind what the server
// claims. TLS: what its first messages say in the clear, as Zeek's ssl and x509. RDP: the user's name that a client sends before encryption.
// Sources: RFC 9112; RFC 8446 4.1, RFC 5246 7.4, IANA "TLS Parameters"; [MS-RDPBCGR] 2.2.1.1; Zeek, scripts/base/protocols/http, ssl, rdp.
import type { Connection } from './connections.ts'
import { type Fields, numberIn, textIn, valuesIn } from './layers.ts'
import type { EmitWire, Place, WireFields } from './wire-events.ts'

interface Asked {
  readonly place: Place
  readonly time: number
  readonly fields: WireFields
}

/** requests of one connection that wait for their answers; the oldest are told without */
const MAX_WAITING = 256

export class Http {
  readonly #waiting = new WeakMap<Connection, Asked[]>()
  readonly #counts = new WeakMap<Connection, number>()
  readonly #emit: EmitWire

  constructor(emit: EmitWire) {
    this.#emit = emit
  }

  take(layer: Fields, connection: Connection, place: Place, time: number): void {
    const method = textIn(layer, 'http_http_request_method')
    const code = numberIn(layer, 'http_http_response_code')
    if (method === undefined && code === undefined) return
    connection.services.add('http')
    let waiting = this.#waiting.get(connection)
    if (!waiting) this.#waiting.set(connection, (waiting = []))
    if (method !== undefined) {
      const depth = (this.#counts.get(connection) ?? 0) + 1
      this.#counts.set(connection, depth)
      if (waiting.length >= MAX_WAITING) this.#tell(connection, waiting.shift()!)
      waiting.push({ place, time, fields: { trans_depth: depth, method, ...request(layer) } })
      return
    }
    // 100 and its kin announce the answer.
    if (code! < 200 && code !== 101) return
    const asked = waiting.shift() ?? { place, time, fields: {} }
    const kind = textIn(layer, 'http_http_content_type')?.split(';')[0].trim().toLowerCase()
    this.#tell(connection, asked, {
      status_code: code,
      status_msg: textIn(layer, 'http_http_response_phrase'),
      response_body_len: numberIn(layer, 'http_http_content_length_header'),
      resp_mime_types: kind === undefined ? undefined : [kind],
    })
  }

  end(connection: Connection): void {
    for (const asked of this.#waiting.get(connection) ?? []) this.#tell(connection, asked)
    this.#waiting.delete(connection)
  }

  #tell(connection: Connection, { place, time, fields }: Asked, answer: WireFields = {}): void {
    this.#emit('http', connection, place, time, { ...fields, ...answer })
  }
}

function request(layer: Fields): WireFields {
  const names = valuesIn(layer, 'http_http_request_line')
    .map((line) => /^[^:\s]+(?=:)/.exec(line)?.[0].toUpperCase())
    .filter((name) => name !== undefined)
  return {
    host: textIn(layer, 'http_http_host'),
    uri: textIn(layer, 'http_http_request_uri'),
    referrer: textIn(layer, 'http_http_referer'),
    version: textIn(layer, 'http_http_request_version')?.replace(/^HTTP\//, ''),
    user_agent: textIn(layer, 'http_http_user_agent'),
    // Without a length there is no body, or one in chunks.
    request_body_len:
      numberIn(layer, 'http_http_content_length_header') ??
      (textIn(layer, 'http_http_transfer_encoding') === undefined ? 0 : undefined),
    // Of Basic authentication the name alone.
    username: textIn(layer, 'http_http_authbasic')?.split(':')[0],
    client_header_names: names.length ? names : undefined,
  }
}

/** As Zeek names them. */
const VERSIONS: ReadonlyMap<number, string> = new Map([
  [0x0300, 'SSLv3'],
  [0x0301, 'TLSv10'],
  [0x0302, 'TLSv11'],
  [0x0303, 'TLSv12'],
  [0x0304, 'TLSv13'],
])
const CLIENT_HELLO = 1
const SERVER_HELLO = 2

export class Tls {
  readonly #hellos = new WeakMap<Connection, Asked>()
  readonly #emit: EmitWire

  constructor(emit: EmitWire) {
    this.#emit = emit
  }

  take(layer: Fields, connection: Connection, place: Place, time: number): void {
    const types = valuesIn(layer, 'tls_tls_handshake_type').map(Number)
    if (types.includes(CLIENT_HELLO)) {
      connection.services.add('ssl')
      const server_name = textIn(layer, 'tls_tls_handshake_extensions_server_name')
      const fields = { server_name, ja3: textIn(layer, 'tls_tls_handshake_ja3') }
      this.#hellos.set(connection, { place, time, fields })
    }
    if (types.includes(SERVER_HELLO)) {
      connection.services.add('ssl')
      const asked = this.#hellos.get(connection) ?? { place, time, fields: {} }
      this.#hellos.delete(connection)
      // TLS 1.3 says its version in an extension.
      const version =
        numberIn(layer, 'tls_tls_handshake_extensions_supported_version') ??
        numberIn(layer, 'tls_tls_handshake_version')
      const named = version === undefined ? undefined : (VERSIONS.get(version) ?? `unknown-${version}`)
      this.#emit('ssl', connection, asked.place, asked.time, { ...asked.fields, version: named })
    }
    for (const serial of valuesIn(layer, 'x509af_x509af_serialNumber'))
      this.#emit('x509', connection, place, time, {
        'certificate.serial': serial.replace(/^0x0*|:/g, '').toUpperCase(),
      })
  }

  /** A client's hello that nobody answered. */
  end(connection: Connection): void {
    const asked = this.#hellos.get(connection)
    if (asked) this.#emit('ssl', connection, asked.place, asked.time, asked.fields)
    this.#hellos.delete(connection)
  }
}

export class Rdp {
  readonly #told = new WeakSet<Connection>()
  readonly #emit: EmitWire

  constructor(emit: EmitWire) {
    this.#emit = emit
  }

  take(layer: Fields, connection: Connection, place: Place, time: number): void {
    if (this.#told.has(connection)) return
    this.#told.add(connection)
    connection.services.add('rdp')
    const cookie = /mstshash=(\S*)/.exec(textIn(layer, 'rdp_rdp_rt_cookie') ?? '')?.[1]
    this.#emit('rdp', connection, place, time, { cookie })
  }
}
