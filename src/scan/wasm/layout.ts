/**
 * Where things stand in the memory that the gate and its loader share, in bytes. Read by both compilers, so it holds
 * nothing but numbers.
 */

/** Counts the gate leaves behind: anchors, runs and encoded stretches, 32 bits each. */
export const counts = 0x40
/** 64 Kbit each: hashes of the first four bytes of anchors that begin words, and of the first three of short ones. */
export const longMap = 0x1000
export const shortMap = 0x3000
/** 64 Kbit: hashes of the first three bytes of all of both. */
export const startMap = 0x9000
/** 64 Kbit: the pair of bytes by which an anchor that may stand anywhere is met. */
export const pairMap = 0x5000
/** One 16-bit number for each hash or pair: its first entry, 0 for none. */
export const longChains = 0x10000
export const shortChains = 0x30000
export const pairChains = 0x50000
/**
 * Six tables of 16 bytes: which of eight groups a low or high half of the first or second byte of a pair is in, or of
 * the one behind it.
 */
export const pairTables = 0x7100
/** A set of bits for each byte value. */
export const byteTable = 0x7200
/** Entries of 16 bytes: next entry, length, offset of the pair, kind (16 bits each), address of the text, 0. */
export const entries = 0x70000

/** Kinds of entries: an anchor; `3D`, which is no anchor but may end the escape `=3D`. */
export const anchorKind = 0
export const escapeKind = 1

/** Bits of `byteTable`. The first three: may stand first, second, third in a group of base64 that encodes ASCII. */
export const quadFirst = 1
export const quadSecond = 2
export const quadThird = 4
export const tokenBit = 8
export const hexBit = 16
/** `2` to `7`, the high half of printable ASCII in hex. */
export const highBit = 32
export const printableBit = 64
export const digitBit = 128

/** Spare bytes the gate may read before and behind the text; they hold spaces. */
export const paddingBefore = 64
export const paddingAfter = 192
