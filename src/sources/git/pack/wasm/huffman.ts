/**
 * Tables that decode Huffman codes, written in AssemblyScript. A table is looked up with the next bits of the input;
 * codes longer than its index continue in a table behind it. An entry, 32 bits:
 *
 * - literal: bit 31, the byte from bit 16, length of the code in bits 0 to 7
 * - length or distance: its base from bit 16, length of the code from bit 8, the same with extra bits in bits 0 to 7
 * - bit 15: none of these. With bit 14 a further table: its start from bit 16, its bits from bit 8; with bit 13 the end
 *   of the block; with neither no code at all
 */
import {
  codeLengths,
  distSymbols,
  fixedDistTable,
  fixedLitTable,
  lengthCounts,
  lengthStarts,
  litSymbols,
  preSymbols,
  sortedSymbols,
} from './layout'

export const literalFlag: u32 = 0x80000000
export const exceptional: u32 = 0x8000
export const furtherTable: u32 = 0x4000
export const endOfBlock: u32 = 0x2000

/**
 * Builds the table of the codes whose lengths are at `lengths`; `symbols` holds the entries. Answers the number of bits
 * of its index, at most `wantedBits`, or -1 where the lengths make no code. As in zlib, a code may be incomplete only
 * where it is a single one of one bit, or none.
 */
export function buildTable(
  table: usize,
  lengths: usize,
  count: i32,
  symbols: usize,
  wantedBits: i32,
  mayBeIncomplete: bool,
): i32 {
  v128.store(lengthCounts, i64x2.splat(0))
  v128.store(lengthCounts, i64x2.splat(0), 16)
  v128.store(lengthCounts, i64x2.splat(0), 32)
  v128.store(lengthCounts, i64x2.splat(0), 48)
  for (let i = 0; i < count; i++) {
    const at = lengthCounts + ((load<u8>(lengths + i) as i32) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
  let longest = 15
  while (longest > 0 && load<u32>(lengthCounts + (longest << 2)) == 0) longest--
  if (longest == 0) {
    store<u32>(table, exceptional | 1)
    store<u32>(table + 4, exceptional | 1)
    return mayBeIncomplete ? 1 : -1
  }
  let left = 1
  let start: u32 = 0
  for (let length = 1; length <= longest; length++) {
    const these = load<u32>(lengthCounts + (length << 2))
    left = (left << 1) - (these as i32)
    if (left < 0) return -1
    store<u32>(lengthStarts + (length << 2), start)
    start += these
  }
  if (left > 0 && (!mayBeIncomplete || longest != 1)) return -1
  for (let symbol = 0; symbol < count; symbol++) {
    const length = load<u8>(lengths + symbol) as i32
    if (length == 0) continue
    const at = lengthStarts + (length << 2)
    const place = load<u32>(at)
    store<u32>(at, place + 1)
    store<u16>(sortedSymbols + ((place as i32) << 1), symbol as u16)
  }
  if (left > 0) {
    store<u32>(table, entryOf(symbols, sortedSymbols, 1))
    store<u32>(table + 4, exceptional | 1)
    return 1
  }
  return fillTable(table, symbols, wantedBits < longest ? wantedBits : longest)
}

/** The table of a complete code; codes are counted upwards bit-reversed, and the table doubles with their length. */
function fillTable(table: usize, symbols: usize, tableBits: i32): i32 {
  let next: usize = sortedSymbols
  let length = 1
  let count = load<u32>(lengthCounts + 4)
  while (count == 0) count = load<u32>(lengthCounts + (++length << 2))
  let code: u32 = 0
  let end: u32 = (1 as u32) << length
  if (length <= tableBits) {
    for (;;) {
      store<u32>(table + ((code as usize) << 2), entryOf(symbols, next, length))
      next += 2
      if (code == end - 1) {
        for (; length < tableBits; length++) {
          double(table, end)
          end <<= 1
        }
        return tableBits
      }
      code = following(code, end)
      if (--count == 0) {
        do {
          if (++length > tableBits) break
          double(table, end)
          end <<= 1
          count = load<u32>(lengthCounts + (length << 2))
        } while (count == 0)
        if (length > tableBits) break
      }
    }
    count = load<u32>(lengthCounts + (length << 2))
    while (count == 0) count = load<u32>(lengthCounts + (++length << 2))
  }
  const mask = ((1 as u32) << tableBits) - 1
  end = mask + 1
  let prefix: u32 = 0xffffffff
  let start: u32 = 0
  for (;;) {
    if ((code & mask) != prefix) {
      prefix = code & mask
      start = end
      let bits = length - tableBits
      let used = count
      while (used < (1 as u32) << bits) {
        bits++
        used = (used << 1) + load<u32>(lengthCounts + ((tableBits + bits) << 2))
      }
      end = start + ((1 as u32) << bits)
      store<u32>(
        table + ((prefix as usize) << 2),
        (start << 16) | exceptional | furtherTable | ((bits as u32) << 8) | (tableBits as u32),
      )
    }
    const entry = entryOf(symbols, next, length - tableBits)
    next += 2
    const stride = (1 as u32) << (length - tableBits)
    for (let i = start + (code >> tableBits); i < end; i += stride)
      store<u32>(table + ((i as usize) << 2), entry)
    const whole = (1 as u32) << length
    if (code == whole - 1) return tableBits
    code = following(code, whole)
    count--
    while (count == 0) count = load<u32>(lengthCounts + (++length << 2))
  }
  // Not reached; the compiler asks for it.
  return -1
}

function following(code: u32, end: u32): u32 {
  const bit = (1 as u32) << (31 - clz(code ^ (end - 1)))
  return (code & (bit - 1)) | bit
}

function double(table: usize, size: u32): void {
  const bytes = (size as usize) << 2
  if (bytes < 16) {
    for (let i: usize = 0; i < bytes; i += 4) store<u32>(table + bytes + i, load<u32>(table + i))
  } else {
    for (let i: usize = 0; i < bytes; i += 16) v128.store(table + bytes + i, v128.load(table + i))
  }
}

function entryOf(symbols: usize, next: usize, length: i32): u32 {
  // The length counts twice: alone, and with the extra bits that the entry holds already.
  return load<u32>(symbols + ((load<u16>(next) as usize) << 2)) + (length as u32) * 0x101
}

/** What never changes: the entries of all symbols, and the tables of the fixed codes. */
export function buildFixed(): void {
  for (let i: u32 = 0; i < 256; i++) store<u32>(litSymbols + ((i as i32) << 2), literalFlag | (i << 16))
  store<u32>(litSymbols + 1024, exceptional | endOfBlock)
  let base: u32 = 3
  for (let i: u32 = 0; i < 28; i++) {
    const extra: u32 = i < 8 ? 0 : (i - 4) >> 2
    store<u32>(litSymbols + 1028 + ((i as i32) << 2), (base << 16) | extra)
    base += (1 as u32) << extra
  }
  store<u32>(litSymbols + 1140, 258 << 16)
  store<u32>(litSymbols + 1144, exceptional)
  store<u32>(litSymbols + 1148, exceptional)
  base = 1
  for (let i: u32 = 0; i < 30; i++) {
    const extra: u32 = i < 4 ? 0 : (i - 2) >> 1
    store<u32>(distSymbols + ((i as i32) << 2), (base << 16) | extra)
    base += (1 as u32) << extra
  }
  store<u32>(distSymbols + 120, exceptional)
  store<u32>(distSymbols + 124, exceptional)
  for (let i: u32 = 0; i < 19; i++) store<u32>(preSymbols + ((i as i32) << 2), i << 16)

  for (let i = 0; i < 288; i++) {
    store<u8>(codeLengths + i, (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8) as u8)
  }
  buildTable(fixedLitTable, codeLengths, 288, litSymbols, 9, false)
  for (let i = 0; i < 32; i++) store<u8>(codeLengths + i, 5)
  buildTable(fixedDistTable, codeLengths, 32, distSymbols, 5, false)
}
