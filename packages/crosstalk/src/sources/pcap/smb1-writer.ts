// Messages of SMB 1 for tests, without a session. Source: [MS-CIFS] 2.2.4.
import { layout, netbios } from './message-writer.ts'

const smb1 = (command: number, isAnswer: boolean, message: number, words: Buffer, bytes: Buffer, tree = 5) =>
  netbios(
    layout(
      Buffer.from('ff534d42', 'hex'),
      [1, command],
      [4, 0],
      [1, isAnswer ? 0x98 : 0x18],
      [2, 0x4001],
      Buffer.alloc(12),
      [2, isAnswer || command !== 0x75 ? tree : 0xffff],
      [2, 0xfeff],
      [2, 3],
      [2, message],
      [1, words.length / 2],
      words,
      [2, bytes.length],
      bytes,
    ),
  )
const NO_FURTHER = layout([1, 0xff], [1, 0], [2, 0])

export const treeConnect = (message: number, path: string) =>
  smb1(0x75, false, message, layout(NO_FURTHER, [2, 0], [2, 1]), Buffer.from(`\0${path}\0?????\0`, 'latin1'))
export const treeConnected = (message: number, service: string, tree = 5) =>
  smb1(0x75, true, message, layout(NO_FURTHER, [2, 1]), Buffer.from(`${service}\0\0`, 'latin1'), tree)
export const create = (message: number, name: string) =>
  smb1(
    0xa2,
    false,
    message,
    layout(
      NO_FURTHER,
      [1, 0],
      [2, name.length],
      [4, 0],
      [4, 0],
      [4, 0x2019f],
      [8, 0],
      [4, 0],
      [4, 7],
      [4, 1],
      [4, 0],
      [4, 2],
      [1, 0],
    ),
    Buffer.from(`${name}\0`, 'latin1'),
  )
export const created = (message: number) =>
  smb1(
    0xa2,
    true,
    message,
    layout(
      NO_FURTHER,
      [1, 0],
      [2, 0x4000],
      [4, 1],
      Buffer.alloc(32),
      [4, 0x80],
      [8, 0],
      [8, 0],
      [2, 2],
      [2, 0],
      [1, 0],
    ),
    Buffer.alloc(0),
  )
/** The pipe's bytes are in a transaction ([MS-CIFS] 2.2.5.6, TRANS_TRANSACT_NMPIPE), which names the pipe in its setup words alone. */
export const transact = (message: number, data: Buffer) =>
  smb1(
    0x25,
    false,
    message,
    layout(
      [2, 0],
      [2, data.length],
      [2, 0],
      [2, 4096],
      [2, 0],
      [2, 0],
      [4, 0],
      [2, 0],
      [2, 0],
      [2, 76],
      [2, data.length],
      [2, 76],
      [2, 2],
      [2, 0x26],
      [2, 0x4000],
    ),
    Buffer.concat([Buffer.from('\\PIPE\\\0\0\0', 'latin1'), data]),
  )
