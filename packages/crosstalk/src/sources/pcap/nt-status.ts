// Names of the NT status codes that refused requests get. Source: [MS-ERREF] 2.3.1.
const NAMES: ReadonlyMap<number, string> = new Map([
  [0xc0000008, 'INVALID_HANDLE'],
  [0xc000000d, 'INVALID_PARAMETER'],
  [0xc0000010, 'INVALID_DEVICE_REQUEST'],
  [0xc0000022, 'ACCESS_DENIED'],
  [0xc0000033, 'OBJECT_NAME_INVALID'],
  [0xc0000034, 'OBJECT_NAME_NOT_FOUND'],
  [0xc0000035, 'OBJECT_NAME_COLLISION'],
  [0xc000003a, 'OBJECT_PATH_NOT_FOUND'],
  [0xc0000043, 'SHARING_VIOLATION'],
  [0xc0000056, 'DELETE_PENDING'],
  [0xc000006d, 'LOGON_FAILURE'],
  [0xc00000ab, 'INSTANCE_NOT_AVAILABLE'],
  [0xc00000ac, 'PIPE_NOT_AVAILABLE'],
  [0xc00000ae, 'PIPE_BUSY'],
  [0xc00000ba, 'FILE_IS_A_DIRECTORY'],
  [0xc00000bb, 'NOT_SUPPORTED'],
  [0xc00000ca, 'NETWORK_ACCESS_DENIED'],
  [0xc00000cc, 'BAD_NETWORK_NAME'],
  [0xc0000103, 'NOT_A_DIRECTORY'],
  [0xc0000257, 'PATH_NOT_COVERED'],
])

/** As Zeek's smb_cmd writes it, else in hexadecimal. */
export const statusName = (status: number): string =>
  NAMES.get(status) ?? `0x${(status >>> 0).toString(16).padStart(8, '0')}`
