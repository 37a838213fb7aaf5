// For tests: messages of DCE/RPC, SMB and DNS, as far as a dissector needs them. Layouts: C706 12.6, [MS-SMB2] 2.2, [MS-CIFS] 2.2.4, RFC 1035 4.

type Part = Buffer | readonly [bytes: 1 | 2 | 4 | 8, value: number]

/** Little-endian numbers and bytes in a row. */
export function layout(...parts: Part[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (Buffer.isBuffer(part)) return part
      const bytes = Buffer.alloc(8)
      bytes.writeBigUInt64LE(BigInt(part[1]))
      return bytes.subarray(0, part[0])
    }),
  )
}

export function uuidBytes(uuid: string): Buffer {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex')
  return Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ])
}

const rpc = (type: number, call: number, body: Buffer, flags = 3, authLength = 0) =>
  layout([1, 5], [1, 0], [1, type], [1, flags], [4, 0x10], [2, 16 + body.length], [2, authLength], [4, call], body)

const NDR = Buffer.concat([uuidBytes('8a885d04-1ceb-11c9-9fe8-08002b104860'), layout([4, 2])])

/** Binds interfaces to the contexts 0, 1 …; `uuid@0` is one of another version than 1. */
export const rpcBind = (...interfaces: string[]) =>
  rpc(
    11,
    1,
    layout(
      [2, 4280],
      [2, 4280],
      [4, 0],
      [4, interfaces.length],
      ...interfaces.map((one, i) => {
        const [uuid, version = '1'] = one.split('@')
        return layout([2, i], [2, 1], uuidBytes(uuid), [4, Number(version)], NDR)
      }),
    ),
  )

interface Call {
  context?: number
  /** 1 first part, 2 last part, 3 both */
  flags?: number
  call?: number
  /** authentication level behind the stub */
  level?: number
}

export function rpcRequest(
  opnum: number,
  { context = 0, flags = 3, call = 2, level }: Call = {},
  stub: Buffer = Buffer.alloc(16),
) {
  const body = layout([4, stub.length], [2, context], [2, opnum], stub)
  if (level === undefined) return rpc(0, call, body, flags)
  return rpc(0, call, layout(body, [1, 10], [1, level], [1, 0], [1, 0], [4, 0], Buffer.alloc(16, 1)), flags, 16)
}

/** The stub of a RemoteActivation ([MS-DCOM] 3.1.2.5.2.3.1): ORPCTHIS, class, no name, no storage, one interface, one protocol sequence. */
export const remoteActivation = (clsid: string, iid: string) =>
  layout(
    [2, 5],
    [2, 7],
    [4, 0],
    [4, 0],
    Buffer.alloc(16, 9),
    [4, 0],
    uuidBytes(clsid),
    [4, 0],
    [4, 0],
    [4, 2],
    [4, 0],
    [4, 1],
    [4, 0x20000],
    [4, 1],
    uuidBytes(iid),
    [2, 1],
    [2, 0],
    [4, 1],
    [2, 7],
  )

export const netbios = (message: Buffer) => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(message.length)
  return Buffer.concat([head, message])
}

interface Smb2Header {
  message: number
  isAnswer?: boolean
  status?: number
  tree?: number
}

const smb2 = (command: number, { message, isAnswer = false, status = 0, tree = 1 }: Smb2Header, body: Buffer) =>
  netbios(
    layout(
      Buffer.from('fe534d42', 'hex'),
      [2, 64],
      [2, 1],
      [4, status],
      [2, command],
      [2, 1],
      [4, isAnswer ? 1 : 0],
      [4, 0],
      [8, message],
      [4, 0xfeff],
      [4, tree],
      [8, 0x51],
      Buffer.alloc(16),
      body,
    ),
  )

const wide = (text: string) => Buffer.from(text, 'utf16le')
const FILE_ID = Buffer.from('0102030405060708090a0b0c0d0e0f10', 'hex')

export const treeConnect = (message: number, path: string) =>
  smb2(3, { message, tree: 0 }, layout([2, 9], [2, 0], [2, 72], [2, wide(path).length], wide(path)))
export const treeConnected = (message: number, kind: number, status = 0) =>
  smb2(
    3,
    { message, isAnswer: true, status },
    status ? ERROR_BODY : layout([2, 16], [1, kind], [1, 0], [4, 0], [4, 0], [4, 0x1f01ff]),
  )
export const create = (message: number, name: string) =>
  smb2(
    5,
    { message },
    layout(
      [2, 57],
      [2, 0],
      [4, 2],
      [8, 0],
      [8, 0],
      [4, 0x12019f],
      [4, 0],
      [4, 7],
      [4, 1],
      [4, 0],
      [2, 120],
      [2, wide(name).length],
      [8, 0],
      wide(name),
    ),
  )
export const created = (message: number, status = 0) =>
  smb2(
    5,
    { message, isAnswer: true, status },
    status
      ? ERROR_BODY
      : layout([2, 89], [2, 0], [4, 1], Buffer.alloc(32), [8, 4096], [8, 0], [4, 0x80], [4, 0], FILE_ID, [8, 0]),
  )
const ERROR_BODY = layout([2, 9], [2, 0], [4, 0], [1, 0])

/** Bytes written to the opened pipe. */
export const writePipe = (message: number, data: Buffer) =>
  smb2(9, { message }, layout([2, 49], [2, 112], [4, data.length], [8, 0], FILE_ID, [8, 0], [4, 0], [4, 0], data))
/** FSCTL_PIPE_TRANSCEIVE */
export const transceive = (message: number, data: Buffer) =>
  smb2(
    11,
    { message },
    layout(
      [2, 57],
      [2, 0],
      [4, 0x11c017],
      FILE_ID,
      [4, 120],
      [4, data.length],
      [4, 0],
      [4, 0],
      [4, 0],
      [4, 1024],
      [4, 1],
      [4, 0],
      data,
    ),
  )
/** An encrypted message of SMB 3. */
export const encryptedSmb = () => netbios(Buffer.concat([Buffer.from('fd534d42', 'hex'), Buffer.alloc(120, 7)]))

/** A question for an address; the answer, where one is given. */
export function dns(id: number, name: string, answer?: string): Buffer {
  const question = Buffer.concat([
    ...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from('0000010001', 'hex'),
  ])
  const head = Buffer.from('0000010000010000000000' + '00', 'hex')
  head.writeUInt16BE(id)
  if (answer === undefined) return Buffer.concat([head, question])
  head.writeUInt16BE(0x8180, 2)
  head.writeUInt16BE(1, 6)
  const record = Buffer.concat([
    Buffer.from('c00c000100010000003c0004', 'hex'),
    Buffer.from(answer.split('.').map(Number)),
  ])
  return Buffer.concat([head, question, record])
}

/** What a client and a server say first over HTTP. */
export const http = (...lines: string[]) => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')

/** A connection request of RDP with a user's name. */
export function rdpRequest(cookie: string): Buffer {
  const variable = Buffer.concat([
    Buffer.from(`Cookie: mstshash=${cookie}\r\n`, 'latin1'),
    Buffer.from('0100080003000000', 'hex'),
  ])
  const x224 = Buffer.concat([Buffer.from([6 + variable.length, 0xe0, 0, 0, 0, 0, 0]), variable])
  const tpkt = Buffer.from([3, 0, 0, 4 + x224.length])
  return Buffer.concat([tpkt, x224])
}

/** The first message of TLS 1.2 with the server's name. */
export function clientHello(server: string): Buffer {
  const two = (value: number) => Buffer.from([value >> 8, value & 0xff])
  const name = Buffer.concat([two(server.length + 3), Buffer.from([0]), two(server.length), Buffer.from(server)])
  const extension = Buffer.concat([two(0), two(name.length), name])
  const body = Buffer.concat([
    Buffer.from('0303', 'hex'),
    Buffer.alloc(32, 7),
    Buffer.from('000002c02f0100', 'hex'),
    two(extension.length),
    extension,
  ])
  const handshake = Buffer.concat([Buffer.from([1, 0]), two(body.length), body])
  return Buffer.concat([Buffer.from('160301', 'hex'), two(handshake.length), handshake])
}
/** The server's, without a certificate. */
export const serverHello = () =>
  Buffer.concat([Buffer.from('160303002a020000260303', 'hex'), Buffer.alloc(32, 8), Buffer.from('00c02f00', 'hex')])
