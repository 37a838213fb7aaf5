// The words of the format: sizes, magics, binary XML tokens and value types, and the bounds this reader keeps.
// Sources: [MS-EVEN6] 2.2.12 to 2.2.17 (BinXml), and libyal's "Windows XML Event Log (EVTX) format" for the file around it.

export const FILE_HEADER_BYTES = 4096
export const CHUNK_BYTES = 65536
export const CHUNK_HEADER_BYTES = 512
export const RECORD_HEADER_BYTES = 24
/** a record's size stands at its head and, once more, in its last four bytes */
export const RECORD_MIN_BYTES = RECORD_HEADER_BYTES + 4
/** two asterisks and two zeroes, little-endian */
export const RECORD_MAGIC = 0x00002a2a

/** BinXml tokens, [MS-EVEN6] 2.2.12; a set 0x40 bit says that more data follows (attributes, for an element). */
export const Token = {
  EndOfStream: 0x00,
  OpenStartElement: 0x01,
  CloseStartElement: 0x02,
  CloseEmptyElement: 0x03,
  EndElement: 0x04,
  Value: 0x05,
  Attribute: 0x06,
  CDataSection: 0x07,
  CharRef: 0x08,
  EntityRef: 0x09,
  PITarget: 0x0a,
  PIData: 0x0b,
  TemplateInstance: 0x0c,
  NormalSubstitution: 0x0d,
  OptionalSubstitution: 0x0e,
  FragmentHeader: 0x0f,
  MoreData: 0x40,
} as const

/** BinXml value types, [MS-EVEN6] 2.2.14; an array of a type has its 0x80 bit set. */
export const ValueType = {
  Null: 0x00,
  String: 0x01,
  AnsiString: 0x02,
  Int8: 0x03,
  UInt8: 0x04,
  Int16: 0x05,
  UInt16: 0x06,
  Int32: 0x07,
  UInt32: 0x08,
  Int64: 0x09,
  UInt64: 0x0a,
  Real32: 0x0b,
  Real64: 0x0c,
  Bool: 0x0d,
  Binary: 0x0e,
  Guid: 0x0f,
  SizeT: 0x10,
  FileTime: 0x11,
  SysTime: 0x12,
  Sid: 0x13,
  HexInt32: 0x14,
  HexInt64: 0x15,
  EvtHandle: 0x20,
  BinXml: 0x21,
  EvtXml: 0x23,
  Array: 0x80,
  /**
   * No type of the format: in a record without a template, text that is written in several tokens (strings, character
   * and entity references, CDATA). The slot's range holds the tokens; `value` and `text` join them.
   */
  TextRun: 0x7f,
} as const

/** Bounds on what hostile bytes can make the reader do. Real records come nowhere near them. */
export const Limit = {
  /** open elements in one stream */
  elementDepth: 256,
  /** fragments within fragments (a template's values may hold templates) */
  fragmentDepth: 16,
  /** value slots of one record */
  slots: 65536,
  /** bytes that one record may produce as JSON, and characters as XML */
  recordOutput: 4 << 20,
  /** bytes that the records of one chunk may produce as JSON, all together */
  chunkOutput: 64 << 20,
  /** bytes of tokens that may be walked for one chunk; the chunk itself has less than 65,536, and walks each but once */
  chunkTokenBytes: 1 << 20,
  /** names and literal texts kept across chunks, and their bytes */
  literals: 1 << 15,
  literalBytes: 2 << 20,
  /** programs kept across chunks, and the integers they hold */
  programs: 1 << 12,
  programInts: 1 << 21,
  /** layouts kept across chunks */
  layouts: 1 << 12,
  /** elements and values of one record's tree (XML, and JSON of unusual records) */
  treeNodes: 1 << 18,
} as const

/** Bytes of a value that stands without a length; -1 for the types that carry one. */
export function fixedSize(type: number): number {
  switch (type) {
    case ValueType.Null:
      return 0
    case ValueType.Int8:
    case ValueType.UInt8:
      return 1
    case ValueType.Int16:
    case ValueType.UInt16:
      return 2
    case ValueType.Int32:
    case ValueType.UInt32:
    case ValueType.Real32:
    case ValueType.Bool:
    case ValueType.HexInt32:
      return 4
    case ValueType.Int64:
    case ValueType.UInt64:
    case ValueType.Real64:
    case ValueType.FileTime:
    case ValueType.HexInt64:
      return 8
    case ValueType.Guid:
    case ValueType.SysTime:
      return 16
    default:
      return -1
  }
}
