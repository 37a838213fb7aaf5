// What unpacks a stream.

export type Bytes = AsyncIterable<Uint8Array>
/** Unpacks what `open` gives; where that is damaged it is opened once more, so that all before the damage comes out before the error does. */
export type Codec = (open: () => Bytes) => Bytes
