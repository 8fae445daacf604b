/**
 * zlib streams of a known size, decompressed within one memory, written in AssemblyScript. Bits are taken from 64 at a
 * time; the host grants `slack` bytes behind input and output, so that reads and copies may be wide and overshoot.
 * Input is trusted in nothing: every jump back, length and end is checked before it is followed.
 */
import { adler32 } from './adler'
import { buildTable, endOfBlock, exceptional, furtherTable } from './huffman'
import {
  codeLengths,
  corrupt,
  distSymbols,
  distTable,
  fixedDistTable,
  fixedLitTable,
  litSymbols,
  litTable,
  outputFull,
  preSymbols,
  preTable,
  results,
  truncated,
  wrongChecksum,
} from './layout'

const litBits: i32 = 10
const distBits: i32 = 8

/** The order in which the lengths of the codes of lengths are stored, four bits apiece would not do: five. */
const order = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])

/**
 * Decompresses what is at `input` to `output`. Answers 0, or a number below it; then what was made so far still stands
 * at `output`. Leaves the bytes used and made at `results`.
 */
export function inflate(input: usize, inputEnd: usize, output: usize, outputEnd: usize): i32 {
  let at = input
  let out = output
  let bits: u64 = 0
  let left: u64 = 0
  let status: i32 = 0
  /** Reading on behind the end is noticed here at the latest; `slack` bytes behind it can be read. */
  const inputStop = inputEnd + 8

  store<u32>(results, 0)
  store<u32>(results + 4, 0)
  if (inputEnd - at < 6) return truncated
  const head = ((load<u8>(at) as u32) << 8) | (load<u8>(at + 1) as u32)
  if ((head & 0x0f00) != 0x0800 || head >> 12 > 7 || (head & 0x20) != 0 || head % 31 != 0) return corrupt
  at += 2

  for (let isLast = false; !isLast; ) {
    bits |= load<u64>(at) << left
    at += ((63 - left) >> 3) as usize
    left |= 56
    if (at > inputStop) {
      status = truncated
      break
    }
    isLast = (bits & 1) != 0
    const kind = (bits >> 1) & 3
    let lit: usize = fixedLitTable
    let dist: usize = fixedDistTable
    let litMask: u64 = 511
    let distMask: u64 = 31

    if (kind == 0) {
      at -= ((left - 3) >> 3) as usize
      bits = 0
      left = 0
      if (at + 4 > inputEnd) {
        status = truncated
        break
      }
      const length = load<u16>(at) as usize
      if (((load<u16>(at, 2) as usize) ^ length) != 0xffff) {
        status = corrupt
        break
      }
      at += 4
      let taken = length
      if (inputEnd - at < taken) {
        status = truncated
        taken = inputEnd - at
      }
      if (outputEnd - out < taken) {
        status = outputFull
        taken = outputEnd - out
      }
      memory.copy(out, at, taken)
      out += taken
      at += taken
      if (status != 0) break
      continue
    }
    if (kind == 3) {
      status = corrupt
      break
    }
    if (kind == 1) {
      bits >>= 3
      left -= 3
    } else {
      const litCount = (((bits >> 3) & 31) as i32) + 257
      const distCount = (((bits >> 8) & 31) as i32) + 1
      const preCount = (((bits >> 13) & 15) as i32) + 4
      bits >>= 17
      left -= 17
      if (litCount > 286 || distCount > 30) {
        status = corrupt
        break
      }
      v128.store(codeLengths, i64x2.splat(0))
      store<u32>(codeLengths, 0, 16)
      // 39 bits are there: thirteen lengths.
      for (let i = 0; i < preCount; i++) {
        if (i == 13) {
          bits |= load<u64>(at) << left
          at += ((63 - left) >> 3) as usize
          left |= 56
        }
        store<u8>(codeLengths + (load<u8>(order + i) as i32), (bits & 7) as u8)
        bits >>= 3
        left -= 3
      }
      const preBits = buildTable(preTable, codeLengths, 19, preSymbols, 7, false)
      if (preBits < 0) {
        status = corrupt
        break
      }
      const preMask = ((1 as u64) << preBits) - 1
      const total = litCount + distCount
      let i = 0
      while (i < total) {
        // Two or three lengths for each time bits are taken.
        if (left < 14) {
          bits |= load<u64>(at) << left
          at += ((63 - left) >> 3) as usize
          left |= 56
          if (at > inputStop) {
            status = truncated
            break
          }
        }
        const entry = load<u32>(preTable + (((bits & preMask) as i32) << 2))
        bits >>= (entry & 0xff) as u64
        left -= (entry & 0xff) as u64
        const symbol = entry >> 16
        if (symbol < 16) {
          store<u8>(codeLengths + i, symbol as u8)
          i++
          continue
        }
        let value: u8 = 0
        let times: i32
        if (symbol == 16) {
          if (i == 0) {
            status = corrupt
            break
          }
          value = load<u8>(codeLengths + i - 1)
          times = ((bits & 3) as i32) + 3
          bits >>= 2
          left -= 2
        } else if (symbol == 17) {
          times = ((bits & 7) as i32) + 3
          bits >>= 3
          left -= 3
        } else {
          times = ((bits & 127) as i32) + 11
          bits >>= 7
          left -= 7
        }
        if (i + times > total) {
          status = corrupt
          break
        }
        const until = i + times
        const fill = i8x16.splat(value)
        for (; i < until; i += 16) v128.store(codeLengths + i, fill)
        i = until
      }
      if (status != 0) break
      if (load<u8>(codeLengths, 256) == 0) {
        status = corrupt
        break
      }
      const litUsed = buildTable(litTable, codeLengths, litCount, litSymbols, litBits, true)
      const distUsed = buildTable(distTable, codeLengths + litCount, distCount, distSymbols, distBits, true)
      if (litUsed < 0 || distUsed < 0) {
        status = corrupt
        break
      }
      lit = litTable
      dist = distTable
      litMask = ((1 as u64) << litUsed) - 1
      distMask = ((1 as u64) << distUsed) - 1
    }

    bits |= load<u64>(at) << left
    at += ((63 - left) >> 3) as usize
    left |= 56
    let entry = load<u32>(lit + (((bits & litMask) as usize) << 2))
    for (;;) {
      // 56 bits are there. Up to three literals of at most 11, or two and then a length of at most 20.
      if ((entry as i32) < 0) {
        store<u8>(out, (entry >> 16) as u8)
        bits >>= entry as u64
        left -= (entry & 0xff) as u64
        entry = load<u32>(lit + (((bits & litMask) as usize) << 2))
        if ((entry as i32) < 0) {
          store<u8>(out, (entry >> 16) as u8, 1)
          bits >>= entry as u64
          left -= (entry & 0xff) as u64
          entry = load<u32>(lit + (((bits & litMask) as usize) << 2))
          if ((entry as i32) < 0) {
            store<u8>(out, (entry >> 16) as u8, 2)
            bits >>= entry as u64
            left -= (entry & 0xff) as u64
            out += 3
            bits |= load<u64>(at) << left
            at += ((63 - left) >> 3) as usize
            left |= 56
            entry = load<u32>(lit + (((bits & litMask) as usize) << 2))
            if (out <= outputEnd && at <= inputStop) continue
            status = at > inputStop ? truncated : outputFull
            if (out > outputEnd) out = outputEnd
            break
          }
          out += 2
        } else out += 1
      }
      if (out > outputEnd) {
        out = outputEnd
        status = outputFull
        break
      }
      if ((entry & exceptional) != 0 && (entry & furtherTable) != 0) {
        bits >>= (entry & 0xff) as u64
        left -= (entry & 0xff) as u64
        const mask = ((1 as u64) << (((entry >> 8) & 15) as u64)) - 1
        entry = load<u32>(lit + ((((entry >> 16) + ((bits & mask) as u32)) as usize) << 2))
      }
      if ((entry as i32) < 0) {
        if (out >= outputEnd) {
          status = outputFull
          break
        }
        store<u8>(out, (entry >> 16) as u8)
        out++
        bits >>= entry as u64
        left -= (entry & 0xff) as u64
        bits |= load<u64>(at) << left
        at += ((63 - left) >> 3) as usize
        left |= 56
        if (at > inputStop) {
          status = truncated
          break
        }
        entry = load<u32>(lit + (((bits & litMask) as usize) << 2))
        continue
      }
      if ((entry & exceptional) != 0) {
        bits >>= (entry & 0xff) as u64
        left -= (entry & 0xff) as u64
        if ((entry & endOfBlock) == 0) status = corrupt
        break
      }
      let used = entry & 0xff
      let length = ((entry >> 16) +
        (((bits as u32) & (((1 as u32) << used) - 1)) >> ((entry >> 8) & 15))) as usize
      bits >>= used as u64
      left -= used as u64

      // A distance takes at most 28 bits, which may not be left; asking would cost more than taking them.
      bits |= load<u64>(at) << left
      at += ((63 - left) >> 3) as usize
      left |= 56
      entry = load<u32>(dist + (((bits & distMask) as usize) << 2))
      if ((entry & exceptional) != 0) {
        if ((entry & furtherTable) == 0) {
          status = corrupt
          break
        }
        bits >>= (entry & 0xff) as u64
        left -= (entry & 0xff) as u64
        const mask = ((1 as u64) << (((entry >> 8) & 15) as u64)) - 1
        entry = load<u32>(dist + ((((entry >> 16) + ((bits & mask) as u32)) as usize) << 2))
        if ((entry & exceptional) != 0) {
          status = corrupt
          break
        }
      }
      used = entry & 0xff
      const distance = ((entry >> 16) +
        (((bits as u32) & (((1 as u32) << used) - 1)) >> ((entry >> 8) & 15))) as usize
      bits >>= used as u64
      left -= used as u64
      if (distance > out - output) {
        status = corrupt
        break
      }
      if (length > outputEnd - out) {
        status = outputFull
        length = outputEnd - out
      }
      // What comes next is looked up before the copy, which it does not have to wait for.
      bits |= load<u64>(at) << left
      at += ((63 - left) >> 3) as usize
      left |= 56
      entry = load<u32>(lit + (((bits & litMask) as usize) << 2))
      let from = out - distance
      const end = out + length
      if (distance >= 16) {
        // Few are longer than 32 bytes.
        v128.store(out, v128.load(from))
        v128.store(out, v128.load(from, 16), 16)
        out += 32
        from += 32
        while (out < end) {
          v128.store(out, v128.load(from))
          out += 16
          from += 16
        }
      } else if (distance == 1) {
        const fill = i8x16.splat(load<u8>(from))
        do {
          v128.store(out, fill)
          out += 16
        } while (out < end)
      } else {
        // Eight bytes at a time may read what they are about to write: only the first `distance` of them count.
        const step: usize = distance < 8 ? distance : 8
        do {
          store<u64>(out, load<u64>(from))
          out += step
          from += step
        } while (out < end)
      }
      out = end
      if (at > inputStop && status == 0) status = truncated
      if (status != 0) break
    }
    if (status != 0) break
  }

  // Whole bytes that were taken and not used.
  at -= (left >> 3) as usize
  store<u32>(results, (at - input) as u32)
  store<u32>(results + 4, (out - output) as u32)
  if (status != 0) return status
  if (at > inputEnd || inputEnd - at < 4) return truncated
  const expected = bswap<u32>(load<u32>(at))
  store<u32>(results, (at + 4 - input) as u32)
  return adler32(output, out) == expected ? 0 : wrongChecksum
}
