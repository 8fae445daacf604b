/**
 * Where a token may begin and end. It begins where no word character stands before it, or right after an
 * escape: in `"line\nghp_…"` the `n` belongs to the escape, which a plain word boundary misses. Both readings
 * are tried (`\npm_…` is also a backslash and `npm_…`), and the list of escapes is closed.
 */
import { hexBytes } from './byte-class.ts'

const backslash = 0x5c
const percent = 0x25
const escapeByte = 0x1b
/** `\n \t \r \b \f \v \a \e`: one letter after a backslash. */
const escapeLetters = new Set(Buffer.from('ntrbfvae'))

/** True where a token may begin at `at`: the byte before is not of `notBefore`, or ends an escape. */
export function mayBegin(bytes: Buffer, at: number, notBefore: Uint8Array): boolean {
  if (at === 0) return true
  return notBefore[bytes[at - 1] ?? 0] === 0 || endsEscape(bytes, at)
}

/** True where a token may end at `at` (exclusive): the byte there is not of `notAfter`. */
export function mayEnd(bytes: Buffer, at: number, notAfter: Uint8Array): boolean {
  return at >= bytes.length || notAfter[bytes[at] ?? 0] === 0
}

/** True where the bytes before `at` are an escape of the closed list. */
function endsEscape(bytes: Buffer, at: number): boolean {
  const last = bytes[at - 1] ?? 0
  if (bytes[at - 2] === backslash && escapeLetters.has(last)) return true
  if (last === 0x6d /* m */ && endsColour(bytes, at - 2)) return true
  if (hexBytes[last] === 0 || at < 3) return false
  if (bytes[at - 3] === percent && isHex(bytes, at - 2, at)) return true
  if (bytes[at - 3] === 0x3d && bytes[at - 2] === 0x33 && last === 0x44) return true // quoted-printable =3D
  if (bytes[at - 4] === backslash && (bytes[at - 3] === 0x78 || isHex(bytes, at - 3, at))) {
    return isHex(bytes, at - 2, at) // \x3d, and \033 in octal
  }
  if (bytes[at - 5] === percent && bytes[at - 4] === 0x32 && bytes[at - 3] === 0x35)
    return isHex(bytes, at - 2, at)
  return bytes[at - 6] === backslash && bytes[at - 5] === 0x75 && isHex(bytes, at - 4, at) // \u003d
}

/** All that may be taken for escapes at the beginning of a run: how many bytes of it each. */
export function escapeLengths(bytes: Buffer, at: number): number[] {
  return [1, 2, 3, 4, 5].filter((length) => endsEscape(bytes, at + length))
}

/** Letters that begin a run but may belong to an escape before it: how many bytes of it, 0 for none. */
export function escapeLength(bytes: Buffer, at: number): number {
  for (const length of [1, 2, 3, 4, 5]) if (endsEscape(bytes, at + length)) return length
  return 0
}

function isHex(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (hexBytes[bytes[i] ?? 0] === 0) return false
  return true
}

/** A terminal colour code: `ESC [ 0;31 m`, ESC as a byte or written `\e`, `\033`, `\x1b`, `\u001b`. */
function endsColour(bytes: Buffer, last: number): boolean {
  let at = last
  for (let count = 0; count < 16 && isColourDigit(bytes[at]); count++) at--
  if (bytes[at] !== 0x5b) return false
  if (bytes[at - 1] === escapeByte) return true
  const written = bytes.toString('latin1', Math.max(0, at - 6), at)
  return /\\(?:e|033|x1[bB]|u001[bB])$/.test(written)
}

function isColourDigit(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || byte === 0x3b)
}
