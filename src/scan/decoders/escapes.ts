/**
 * Percent encoding, and the escapes of strings in source code and JSON. The prefilter finds one escape; the
 * stretch is the address or the string around it, within bounds, since the credential need not be escaped whole.
 */
import { byteClass, hexBytes } from '../byte-class.ts'
import { addressCharacters } from '../gate-bytes.ts'
import type { Decoded } from '../text.ts'

/** Bytes looked at on either side of an escape: longer than any address or token that holds one. */
const around = 4096
const address = byteClass(addressCharacters)
const percent = 0x25
const backslash = 0x5c

/** Collects decoded bytes and where each began. */
class Collector {
  readonly #bytes: number[] = []
  readonly #starts: number[] = []

  add(start: number, value: string | number): void {
    for (const byte of typeof value === 'number' ? [value] : Buffer.from(value)) {
      this.#bytes.push(byte)
      this.#starts.push(start)
    }
  }

  finish(name: string, end: number): Decoded {
    const starts = this.#starts
    return {
      name,
      bytes: Buffer.from(this.#bytes),
      start: (offset) => starts[offset] ?? end,
      end: (offset) => starts[offset] ?? end,
    }
  }
}

/** The address around the percent escape at `at`; `until` is where the stretch ends in `bytes`. */
export function decodePercent(bytes: Buffer, at: number): { decoded: Decoded; until: number } {
  let from = at
  while (from > 0 && from > at - around && address[bytes[from - 1] ?? 0] === 1) from--
  let until = at
  while (until < bytes.length && until < at + around && address[bytes[until] ?? 0] === 1) until++
  const text = new Collector()
  for (let i = from; i < until; i++) {
    const escaped = bytes[i] === percent && i + 2 < until ? hexNumber(bytes, i + 1, 2) : null
    text.add(i, escaped ?? bytes[i] ?? 0)
    if (escaped !== null) i += 2
  }
  return { decoded: text.finish('percent', until), until }
}

/** The string around the escape at `at`. */
export function decodeUnicode(bytes: Buffer, at: number): { decoded: Decoded; until: number } {
  let from = at
  while (from > 0 && from > at - around && !endsString(bytes[from - 1])) from--
  let until = at
  while (until < bytes.length && until < at + around && !endsString(bytes[until])) until++
  const text = new Collector()
  for (let i = from; i < until; ) {
    const escape = bytes[i] === backslash ? readEscape(bytes, i) : null
    text.add(i, escape?.value ?? bytes[i] ?? 0)
    i += escape?.length ?? 1
  }
  return { decoded: text.finish('unicode-escape', until), until }
}

/** A newline or a quote ends a string; an escaped quote is followed by more of it, which is found from there. */
function endsString(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x22 || byte === 0x27 || byte === 0x60
}

const letters: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  '\\': '\\',
  '/': '/',
}

function readEscape(bytes: Buffer, at: number): { value: string | number; length: number } | null {
  const kind = String.fromCharCode(bytes[at + 1] ?? 0)
  if (kind === 'x') {
    const byte = hexNumber(bytes, at + 2, 2)
    return byte === null ? null : { value: byte, length: 4 }
  }
  if (kind === 'u') {
    const unit = hexNumber(bytes, at + 2, 4)
    return unit === null ? null : { value: String.fromCharCode(unit), length: 6 }
  }
  const letter = letters[kind]
  return letter === undefined ? null : { value: letter, length: 2 }
}

function hexNumber(bytes: Buffer, at: number, digits: number): number | null {
  for (let i = at; i < at + digits; i++) if (hexBytes[bytes[i] ?? 0] === 0) return null
  return Number.parseInt(bytes.toString('latin1', at, at + digits), 16)
}
