/** The decoders of `src/scan/decoders/`, writing plain bytes to memory: the same bytes come out of both. */
import { bits } from './classify'
import { addressBit, base64Values, hexBit, paddingAfter, paddingBefore, scratchLength } from './layout'
import { end, from } from './state'

/** Bytes looked at on either side of an escape. */
const around: usize = 4096

/** The stretch and up to one group on either side of it, from which line breaks are left out. Answers how many bytes. */
export function decodeBase64(start: usize, stop: usize, to: usize): usize {
  let at = isGroup(start) ? start - 4 : start
  let last = stop
  while (last < stop + 4 && last < end && valueAt(last) < 64) last++
  let out = to
  let held: u32 = 0
  let count = 0
  for (; at < last; at++) {
    const byte = load<u8>(at)
    if (byte == 0x5c) {
      at++
      continue
    }
    const value = valueAt(at)
    if (value == 64) continue
    held = (held << 6) | value
    if (++count == 4) {
      store<u8>(out, (held >> 16) as u8)
      store<u8>(out, (held >> 8) as u8, 1)
      store<u8>(out, held as u8, 2)
      out += 3
      held = 0
      count = 0
    }
  }
  if (count >= 2) {
    held <<= 6 * (4 - count)
    store<u8>(out++, (held >> 16) as u8)
    if (count == 3) store<u8>(out++, (held >> 8) as u8)
  }
  return out - to
}

/** Four characters of base64 before `start`. */
function isGroup(start: usize): bool {
  if (start < from + 4) return false
  for (let i: usize = 1; i <= 4; i++) if (valueAt(start - i) == 64) return false
  return true
}

function valueAt(place: usize): u32 {
  return load<u8>(base64Values + (load<u8>(place) as i32)) as u32
}

export function decodeHex(start: usize, stop: usize, to: usize): usize {
  const length = (stop - start) >> 1
  for (let i: usize = 0; i < length; i++) store<u8>(to + i, byteAt(start + 2 * i) as u8)
  return length
}

export function decodeUtf16(start: usize, stop: usize, to: usize): usize {
  const first: usize = load<u8>(start) == 0 ? 1 : 0
  const length = (stop - start) >> 1
  for (let i: usize = 0; i < length; i++) store<u8>(to + i, load<u8>(start + 2 * i + first))
  return length
}

let until: usize = 0

/** Where the text around the escape decoded last ends. */
export function escapesUntilOf(): usize {
  return until
}

/** The address around the percent escape at `place`. */
export function decodePercent(place: usize, to: usize): usize {
  let at = place
  while (at > from && at > place - around && isAddress(at - 1)) at--
  until = place
  while (until < end && until < place + around && isAddress(until)) until++
  let out = to
  for (; at < until; at++) {
    let byte = load<u8>(at)
    if (byte == 0x25 && at + 2 < until && isHex(at + 1) && isHex(at + 2)) {
      byte = byteAt(at + 1) as u8
      at += 2
    }
    store<u8>(out++, byte)
  }
  return out - to
}

/** The string around the escape at `place`. */
export function decodeUnicode(place: usize, to: usize): usize {
  let at = place
  while (at > from && at > place - around && !endsString(load<u8>(at - 1))) at--
  until = place
  while (until < end && until < place + around && !endsString(load<u8>(until))) until++
  let out = to
  while (at < until) {
    const byte = load<u8>(at)
    const length: usize = byte == 0x5c ? escapeLength(at) : 0
    if (length == 6) out += writeCharacter(out, (byteAt(at + 2) << 8) | byteAt(at + 4))
    else if (length == 4) store<u8>(out++, byteAt(at + 2) as u8)
    else store<u8>(out++, length == 2 ? control(load<u8>(at + 1)) : byte)
    at += length == 0 ? 1 : length
  }
  return out - to
}

/** A newline or a quote ends a string. */
function endsString(byte: u8): bool {
  return byte == 0x0a || byte == 0x22 || byte == 0x27 || byte == 0x60
}

/** Bytes of the escape at `at`, 0 where it is none. */
function escapeLength(at: usize): usize {
  const kind = load<u8>(at + 1)
  if (kind == 0x78) return at + 4 <= end && isHex(at + 2) && isHex(at + 3) ? 4 : 0
  if (kind == 0x75)
    return at + 6 <= end && isHex(at + 2) && isHex(at + 3) && isHex(at + 4) && isHex(at + 5) ? 6 : 0
  return at + 2 <= end && control(kind) != 0 ? 2 : 0
}

function control(letter: u8): u8 {
  switch (letter) {
    case 0x6e:
      return 0x0a
    case 0x74:
      return 0x09
    case 0x72:
      return 0x0d
    case 0x62:
      return 0x08
    case 0x66:
      return 0x0c
    case 0x5c:
    case 0x2f:
      return letter
    default:
      return 0
  }
}

/** In UTF-8; half of a pair of surrogates becomes U+FFFD. */
function writeCharacter(out: usize, unit: u32): usize {
  if (unit < 0x80) {
    store<u8>(out, unit as u8)
    return 1
  }
  if (unit < 0x800) {
    store<u8>(out, (0xc0 | (unit >> 6)) as u8)
    store<u8>(out, (0x80 | (unit & 0x3f)) as u8, 1)
    return 2
  }
  const whole: u32 = unit >= 0xd800 && unit <= 0xdfff ? 0xfffd : unit
  store<u8>(out, (0xe0 | (whole >> 12)) as u8)
  store<u8>(out, (0x80 | ((whole >> 6) & 0x3f)) as u8, 1)
  store<u8>(out, (0x80 | (whole & 0x3f)) as u8, 2)
  return 3
}

function isAddress(place: usize): bool {
  return (bits(place) & addressBit) != 0
}

function isHex(place: usize): bool {
  return (bits(place) & hexBit) != 0
}

function byteAt(place: usize): u32 {
  return (digit(place) << 4) | digit(place + 1)
}

function digit(place: usize): u32 {
  const byte = load<u8>(place) as u32
  return byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57
}
