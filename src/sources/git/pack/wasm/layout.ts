/**
 * Where things stand in the memory that the decoder of packs and its host share, in bytes, and the numbers they
 * exchange. Read by both compilers, so it holds nothing but numbers.
 */

/** What a call leaves behind, 32 bits each: bytes of input used, bytes of output made. */
export const results = 0x2000
/** Decoding tables of the block at hand: lengths and literals, distances, lengths of codes. */
export const litTable = 0x3000
export const distTable = 0x6000
export const preTable = 0x6800
/** The tables of blocks with fixed codes. */
export const fixedLitTable = 0x7000
export const fixedDistTable = 0x8000
/** What the entry of each symbol holds beside its length: literals and lengths, distances, lengths of codes. */
export const litSymbols = 0x9000
export const distSymbols = 0x9800
export const preSymbols = 0x9900
/** Lengths of codes as they are read; symbols sorted by them; how many there are of each length. */
export const codeLengths = 0xa000
export const sortedSymbols = 0xa400
export const lengthCounts = 0xa800
export const lengthStarts = 0xa900
/** By the low bits of an instruction to copy, how its bytes are shuffled into offset and size. */
export const shuffles = 0xb000
/** The first byte that is the host's. */
export const heapStart = 0x10000

/** Bytes that may be read behind every input, and written behind every output. */
export const slack = 64

/** Answers of `inflate` below 0, and of `applyDelta`. */
export const truncated = -1
export const outputFull = -2
export const corrupt = -3
export const wrongChecksum = -4
