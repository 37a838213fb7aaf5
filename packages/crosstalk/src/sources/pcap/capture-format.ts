// What a capture file is made of, whichever of the two formats it has: pcap-format.ts, pcapng-format.ts.

/** A packet as it lies in the file. */
export interface Packet {
  /** its number, from 1 on, as Wireshark and tshark count */
  number: number
  /** of its record in the file, header included */
  offset: number
  length: number
  /** microseconds since 1970 UTC; NaN where the format keeps none */
  time: number
  /** type of its link layer (tcpdump.org/linktypes.html) */
  linkType: number
  /** what was captured of it; valid until the next packet */
  bytes: Buffer
}

/**
 * What lies at the position: a record of so many bytes, with or without a packet in it (`counted`: tshark numbers it all the same); too little at hand to say, so many bytes
 * are needed; or nothing that this format allows.
 */
export type Step =
  | { readonly length: number; readonly packet?: FoundPacket; readonly counted?: boolean }
  | { readonly need: number }
  | { readonly damage: string }

/** A packet without what its place gives. `from` and `to` are relative to the record. */
export interface FoundPacket {
  readonly time: number
  readonly linkType: number
  readonly from: number
  readonly to: number
}

/** Steps through one file; keeps what its headers said. */
export interface CaptureFormat {
  /** What lies at `at` of `bytes`, which ends at `end`. */
  step(bytes: Buffer, at: number, end: number): Step
}

/** Wireshark takes longer packets for damage (wiretap/wtap.h, WTAP_MAX_PACKET_SIZE_STANDARD), and nothing is captured that is. */
export const MAX_PACKET_BYTES = 262_144
