/**
 * Where things stand in the memory that the gate and its loader share, in bytes. Read by both compilers, so it holds
 * nothing but numbers.
 */

/** Counts the gate leaves behind: finds and encoded stretches, 32 bits each. */
export const counts = 0x40
/** 64 Kbit each: hashes of the first three bytes of all anchors that begin words, of the first four of long ones, of short ones. */
export const startMap = 0x1000
export const longMap = 0x3000
export const shortMap = 0x5000
/**
 * 64 Kbit each: hashes of the four bytes by which an anchor inside of words, or a word of a context, is met; and the
 * first two bytes of such anchors as have fewer than four.
 */
export const pairMap = 0x7000
export const wordMap = 0x9000
export const twoMap = 0xfd000
/**
 * Eight tables of 16 bytes each: which of eight groups a low or high half of four bytes is in. For anchors anywhere and
 * for words there are more such sets, the more of them there are, and how many is said here; for anchors in runs of token
 * characters one.
 */
export const pairTables = 0xff000
export const wordTables = 0xff200
export const insideTables = 0xb980
export const pairSets = 0xff400
export const wordSets = 0xff408
/** Vectors of one byte 16 times each, loaded from memory: V8 makes constants anew at each use. */
export const splats = 0xbb00
/** A set of bits for each byte value. */
export const byteTable = 0xba00
/** 32 bits for each byte value: the leads it may be part of (see `values.ts`). */
export const leadBits = 0xb200
/** 128 bits for each lead: the lengths of it with which a value may begin. */
export const leadLengths = 0xb600
/** The value of each character of base64, 64 for others. */
export const base64Values = 0xb800
/** One 16-bit number for each hash, the last two of three bytes: its first entry, 0 for none. */
export const longChains = 0x10000
export const shortChains = 0x30000
export const pairChains = 0x50000
export const wordChains = 0x70000
/** Words met near values: position and address of the entry, 32 bits each; a ring of 1,024. */
export const wordRing = 0x90000
export const wordRingLength = 1024
/** Bytes classified at once. */
export const chunkLength = 4096
/** Masks of a chunk, 64 times 64 bits each, one room for each depth; places of the kinds within. */
export const maskRoom = 0x92000
export const maskRoomLength = 0x1500
export const maskWords = 0
export const maskValues = 0x200
export const maskTokens = 0x400
export const maskOthers = 0x600
export const maskPercents = 0x800
export const maskAnchors = 0xa10
export const maskBegun = 0xc10
export const maskEnded = 0xe10
export const maskInside = 0x1010
/** Of what is asked for now and then: anchors in runs, words. */
export const maskAsked = 0x1210
export const maskState = 0x1420
/** Places of the bits of masks of a chunk, 32 bits each, and some more that are written and not counted. */
export const places = 0x98000
/** Room for decoded text, one for each depth. */
export const scratch = 0x9d000
export const scratchLength = 0x20000
export const depths = 3
/** Entries of 16 bytes: next entry, length, offset of the three bytes, kind (16 bits each), address of the text, of the uses. */
export const entries = 0x100000

/** Kinds of entries: an anchor or word; `3D`, which is no anchor but may end the escape `=3D`. */
export const anchorKind = 0
export const escapeKind = 1

/**
 * Uses of an entry, 16 bytes each: number of the detector (16 bits, 0xffff after the last), bytes between the start of the
 * match and the anchor (16 bits), address of the program, and for words how far the value may begin before and after.
 */
export const useSize = 16
export const lastUse = 0xffff

/** Steps of programs, 8 bytes each: what, how often (at 1), a byte (at 2) or the address of a set of 256 bits (at 4). */
export const stepEnd = 0
export const stepByte = 1
export const stepSet = 2
/** Bytes of the set of this step, at most so many (16 bits at 2), up to one of the set of the next step. */
export const stepAhead = 3
/** Goes on to the end of the set's run; each of the next `count` steps is the set of one byte back from there. */
export const stepTail = 4
/** A name with this keyword is bound to what could be a password (`count` 1) or a secret that a machine drew (2, 3); see `bound.ts`. */
export const stepBound = 5

/** Bits of `byteTable`. The first three: may stand first, second, third in a group of base64 that encodes ASCII. */
export const quadFirst = 1
export const quadSecond = 2
export const quadThird = 4
export const tokenBit = 8
export const hexBit = 16
/** `2` to `7`, the high half of printable ASCII in hex. */
export const highBit = 32
export const printableBit = 64
/** Stands in addresses that hold percent escapes. */
export const addressBit = 128

/** Spare bytes the gate may read before and behind the text; they hold spaces. */
export const paddingBefore = 64
export const paddingAfter = 192

/** Two tables of 16 bytes that tell what a byte is; see `gate-bytes.ts`. */
export const kindTables = 0xbc00

/** Tables of halves of bytes and, at these places, what is asked of their bits; see `gate-bytes.ts`. */
export const hexTables = 0xbc20
export const hexOfText = 32
export const hexDigits = 48
export const hexZero = 64
export const hexControl = 80
export const quadTables = 0xbc80
export const quadFirsts = 32
export const quadSeconds = 48

/** Numbers of `splats`. */
export const splatHalf = 0
export const splatSmall = 1
export const splatWord = 2
export const splatToken = 3
export const splatValue = 4
export const splatAny = 5
export const splatPercent = 6
export const splatZero = 7
export const splatNine = 8
export const splatFeed = 9
