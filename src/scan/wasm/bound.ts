/**
 * Whether what a name is bound to could be a secret, for words that are met everywhere in code. Asks less than
 * `shapeless/` does, never more: most of `token = next()`, `password: string` and `keys.map(` need no second look.
 */
import { end, from } from './state'

/** Kinds of secrets, as in `shapeless/judge.ts`: people choose passwords, machines draw tokens. */
export const password: u32 = 1
export const secret: u32 = 2

const longestName: usize = 100
const longestValue: usize = 512

/** A name at whose part `start` a keyword begins, bound to a value that could be of this kind. */
export function isBound(start: usize, kind: u32): bool {
  let at = start
  const nameLimit = start + longestName
  while (at < nameLimit && isName(load<u8>(at))) at++
  // A sentence ends with a dot, a name does not.
  if (at < nameLimit && isJoint(load<u8>(at - 1))) return false
  const env = isUpper(start, at)
  for (let i = 0; i < 3 && load<u8>(at) == 0x5c; i++) at++
  if (isQuote(load<u8>(at))) at++
  for (let i = 0; i < 2 && (load<u8>(at) == 0x5d || load<u8>(at) == 0x29); i++) at++
  let sign = skipBlanks(at)
  if (load<u8>(sign) == 0x5b /* [ */) {
    sign++
    while (isDigit(load<u8>(sign))) sign++
    if (load<u8>(sign) != 0x5d) return false
    at = sign + 1
    sign = skipBlanks(at)
  }
  const byte = load<u8>(sign)
  if (byte == 0x3d) return isAssigned(start, sign, sign > at, env, kind)
  if ((byte == 0x7c || byte == 0x3f) && isFallback(sign, kind)) return true
  if (byte == 0x2d && load<u8>(sign + 1) == 0x3e) {
    const quote = openingQuote(skipBlanks(sign + 2))
    return quote != 0 && isQuoted(quote, true, kind)
  }
  if (byte == 0x2a && load<u16>(sign + 1) == 0x3a2a) return isValue(start, sign + 3, true, true, env, kind)
  if (byte == 0x3a) {
    if (isBlock(sign + 1) || isExpansion(start) || isNested(sign + 1)) return true
    if (load<u16>(sign + 1) == 0x2a2a && isValue(start, sign + 3, true, true, env, kind)) return true
    if (load<u8>(sign + 1) == 0x3d) return isValue(start, sign + 2, sign > at, true, env, kind)
    if (isValue(start, sign + 1, sign > at, true, env, kind)) return true
    const typed = skipType(sign + 1)
    return typed != 0 && isAssigned(start, typed, true, env, kind)
  }
  if (byte == 0x2c || byte == 0x28) {
    const quote = openingQuote(skipGap(sign + 1))
    if (quote != 0 && isQuoted(quote, true, kind)) return true
    return byte == 0x2c && isAttribute(sign)
  }
  if (byte == 0x3e) return isElement(sign + 1)
  if (byte == 0x3c) return load<u8>(sign + 1) == 0x2f
  // A variable of Terraform with a default.
  if (byte == 0x7b) return holdsWord(sign + 1, 0x61666564)
  if (sign > at && isTold(start, at, sign, kind)) return true
  return isAttribute(at) || isElement(skipAttributes(at))
}

/** `||`, `??` and `?:` before a text in quotes. */
function isFallback(sign: usize, kind: u32): bool {
  const next = load<u8>(sign + 1)
  if (next != load<u8>(sign) && next != 0x3a) return false
  const quote = openingQuote(skipBlanks(sign + 2))
  return quote != 0 && isQuoted(quote, true, kind)
}

/** `|` or `>` and the end of the line: a scalar of YAML that begins on the next one. */
function isBlock(behind: usize): bool {
  let at = skipBlanks(behind)
  const byte = load<u8>(at++)
  if (byte != 0x7c && byte != 0x3e) return false
  if (load<u8>(at) == 0x2b || load<u8>(at) == 0x2d) at++
  at = skipBlanks(at)
  return load<u8>(at) == 0x0a || load<u8>(at) == 0x0d
}

/** Where the name begins that has a part at `part`. */
function startOfName(part: usize): usize {
  let at = part
  while (at > from && isName(load<u8>(at - 1))) at--
  return at
}

/** `${NAME:x}` and `${NAME:-x}`: a value for a name that has none. */
function isExpansion(name: usize): bool {
  const at = startOfName(name)
  return at >= from + 2 && load<u16>(at - 2) == 0x7b24
}

/** An object that holds a value. */
function isNested(behind: usize): bool {
  const start = skipGap(behind)
  return load<u8>(start) == 0x7b && holdsWord(start + 1, 0x756c6176)
}

/** What a blank follows: ` As String =`, ` string =`, ` or "x"`, `` is `x` ``, a value that a word before the name binds. */
function isTold(name: usize, stop: usize, at: usize, kind: u32): bool {
  if (isText(at, 0x69727473) || isText(at, 0x73207361)) {
    const string = (load<u8>(at) | 0x20) == 0x61 ? at + 3 : at
    if (load<u8>(skipBlanks(string + 6)) == 0x3d) return true
  }
  const two = load<u16>(at) | 0x2020
  if (two == 0x726f || two == 0x7369) {
    const behind = skipBlanks(load<u8>(at + 2) == 0x3a ? at + 3 : at + 2)
    const quote = openingQuote(behind)
    if (quote != 0 && isQuoted(quote, true, kind)) return true
    if (two == 0x7369 && isStrong(behind, kind)) return true
  }
  const quote = openingQuote(at)
  if (quote != 0) return isQuoted(quote, true, kind) && (isBehindSetter(name) || beginsLine(name))
  return stop + 12 >= at && !isReference(at) && isBehindSetter(name)
}

/** A password as only people choose with care: at least 8 characters, digits and signs among them. */
function isStrong(start: usize, kind: u32): bool {
  if (kind != password) return false
  let at = start
  let digits = false
  let signs = false
  const limit = start + longestValue < end ? start + longestValue : end
  for (; at < limit; at++) {
    const byte = load<u8>(at)
    if (byte <= 0x20 || byte >= 0x7f || isQuote(byte) || byte == 0x5c) break
    if (isDigit(byte)) digits = true
    else if (!isLetter(byte)) signs = true
  }
  return digits && signs && at >= start + 8
}

/** Behind `:`, `#define `, `setenv `, `setx `, `ENV ` and an option of `set`, or an option itself. */
function isBehindSetter(name: usize): bool {
  let at = startOfName(name)
  if (load<u8>(at) == 0x2d) return at == from || load<u8>(at - 1) <= 0x20
  if (at == from) return false
  if (load<u8>(at - 1) == 0x3a) return true
  let stop = at
  while (stop > from && (load<u8>(stop - 1) == 0x20 || load<u8>(stop - 1) == 0x09)) stop--
  if (stop == at) return false
  at = stop
  while (at > from && isLetter(load<u8>(at - 1)) && at + 7 > stop) at--
  const length = stop - at
  if (length == 6) return isText(at, 0x69666564) || isText(at, 0x65746573)
  if (length == 4) return isText(at, 0x78746573)
  if (length == 3) return (load<u32>(at) & 0xffffff) == 0x564e45
  return length < 3 && at > from && load<u8>(at - 1) == 0x2d
}

/** `=`, `=>`, and not `==`. */
function isAssigned(name: usize, sign: usize, spaced: bool, env: bool, kind: u32): bool {
  const next = load<u8>(sign + 1)
  if (next == 0x3d) return false
  if (next == 0x3e && isValue(name, sign + 2, spaced, false, env, kind)) return true
  return isValue(name, sign + 1, spaced, false, env, kind)
}

/** A value behind its sign, quoted or bare. */
function isValue(name: usize, behind: usize, spaced: bool, colon: bool, env: bool, kind: u32): bool {
  const at = skipBlanks(behind)
  const quote = openingQuote(at)
  if (quote != 0) return isQuoted(quote, env, kind)
  return isBare(name, at, spaced, !spaced && at == behind && !colon, env, kind)
}

/** The text behind the quote before `start`; `env` where a plain word would do as well. */
function isQuoted(start: usize, env: bool, kind: u32): bool {
  const quote = load<u8>(start - 1)
  if (isReference(start)) return false
  const limit = start + longestValue < end ? start + longestValue : end
  let at = start
  let digits: usize = 0
  let signs: usize = 0
  let blanks: usize = 0
  for (; at < limit; at++) {
    const byte = load<u8>(at)
    if (byte == quote) break
    if (byte == 0x0a || byte == 0x0d || byte == 0x09) return false
    if (isDigit(byte)) digits++
    else if (byte == 0x20) blanks++
    else if (!isLetter(byte)) signs++
    if (byte == 0x5c) {
      while (at < limit && load<u8>(at) == 0x5c) at++
      if (load<u8>(at) == quote) break
    }
  }
  if (at >= limit) return false
  const length = at - start
  // Texts for people hold blanks and few signs.
  if (length < 3 || (blanks > 0 && length < 24)) return false
  if (kind == password) return true
  if (length < 8) return false
  if (env) return true
  return (digits > 0 && (length >= 16 || kind == secret)) || (length >= 20 && signs > 0)
}

/** Text without quotes: code, unless it is drawn at random or its line is one of settings. */
function isBare(name: usize, start: usize, spaced: bool, tight: bool, env: bool, kind: u32): bool {
  const first = load<u8>(start)
  if (first <= 0x20 || first >= 0x7f || isReference(start)) return false
  if (first == 0x28 || first == 0x5b || first == 0x7b || first == 0x21 || first == 0x26 || first == 0x2a) return false
  if (first == 0x7c || first == 0x3f || first == 0x3d || first == 0x3a) return false
  const limit = start + longestValue < end ? start + longestValue : end
  let at = start
  let digits: usize = 0
  let letters: usize = 0
  let before: u8 = 0
  for (; at < limit; at++) {
    const byte = load<u8>(at)
    if (byte <= 0x20 || byte >= 0x7f || isQuote(byte) || byte == 0x5c) break
    if (!env && (byte == 0x3c || byte == 0x3e || byte == 0x2c || byte == 0x3b || byte == 0x26)) break
    // A call or a subscript.
    if ((byte == 0x28 || byte == 0x5b) && isName(before) && before != 0x2e && before != 0x2d) return false
    if (isDigit(byte)) digits++
    else if (isLetter(byte) || byte == 0x5f || byte == 0x24) letters++
    before = byte
  }
  const length = at - start
  if (length < 3 || (kind != password && length < 8) || before == 0x29) return false
  if (length >= 16 && digits > 0) return true
  if (tight && isParameter(name)) return true
  if ((spaced && letters == length) || (digits == length && (kind != password || length < 4))) return false
  if (length == 6 && (load<u32>(start) | 0x20) == 0x69727473 && letters == 6) return false
  return (endsLine(at) && beginsLine(name)) || isStrong(start, kind)
}

/** `;Pwd=`, `&password=`, ` password=`, `,password=`, `--from-literal=password=`: one of several parameters. */
function isParameter(name: usize): bool {
  const at = startOfName(name)
  if (at == from) return false
  const byte = load<u8>(at - 1)
  return byte == 0x3b || byte == 0x3f || byte == 0x26 || byte == 0x20 || byte == 0x3d || byte == 0x2c || isQuote(byte)
}

/** What may follow a value on a line of settings or in a shell. */
function endsLine(stop: usize): bool {
  const at = skipBlanks(stop)
  if (at >= end) return true
  const byte = load<u8>(at)
  if (byte == 0x0a || byte == 0x0d || byte == 0x23 || byte == 0x5c) return true
  return at > stop && (isName(byte) || byte == 0x3b || byte == 0x26 || byte == 0x2f)
}

/** Nothing but blanks, marks of lists and comments, and a word that sets variables stands before the name. */
function beginsLine(name: usize): bool {
  let at = name
  while (at > from && (isName(load<u8>(at - 1)) || load<u8>(at - 1) == 0x24 || load<u8>(at - 1) == 0x3a)) at--
  at = backOverMarks(at)
  let word: usize = 0
  while (at > from && isLetter(load<u8>(at - 1)) && word < 8) {
    at--
    word++
  }
  if (word > 0) {
    if (!isSetter(load<u8>(at) | 0x20, word)) return false
    at = backOverMarks(at)
    // `declare -x`
    if (word == 1) {
      while (at > from && isLetter(load<u8>(at - 1))) at--
      at = backOverMarks(at)
    }
  }
  return at == from || load<u8>(at - 1) == 0x0a || load<u8>(at - 1) == 0x0d
}

/** `export`, `env`, `e`, `set`, `setx`, `arg`, `declare`, `x`, `d` by their first letter and length. */
function isSetter(first: u8, length: usize): bool {
  if (first == 0x65) return length == 6 || length == 3 || length == 1
  if (first == 0x73) return length == 3 || length == 4
  if (first == 0x64) return length == 7 || length == 1
  return (first == 0x61 && length == 3) || (first == 0x78 && length == 1)
}

function backOverMarks(start: usize): usize {
  let at = start
  while (at > from) {
    const byte = load<u8>(at - 1)
    if (byte != 0x20 && byte != 0x09 && !isMark(byte) && !isQuote(byte)) break
    at--
  }
  return at
}

/** `+`, `#`, `;`, `-`, `*`, `>`, `$` at the beginning of a line. */
function isMark(byte: u8): bool {
  return byte == 0x2b || byte == 0x23 || byte == 0x3b || byte == 0x2d || byte == 0x2a || byte == 0x3e || byte == 0x24
}

/** `$NAME`, `${…}`, `$(…)`, `[…`, `{{`, `<`, `!…`: something that stands for the value. */
function isReference(start: usize): bool {
  const byte = load<u8>(start)
  if (byte == 0x3c || byte == 0x5b || byte == 0x21 || byte <= 0x20 || byte >= 0x7f || isQuote(byte) || byte == 0x5c) return true
  const next = load<u8>(start + 1)
  if (byte == 0x24) return isLetter(next) || next == 0x5f || next == 0x7b || next == 0x28 || next == 0x5b
  return byte == 0x7b && (next == 0x7b || next == 0x25)
}

/** Where the text begins behind a quote that up to two letters and three backslashes stand before; 0 if none does. */
function openingQuote(start: usize): usize {
  let at = start
  for (let i = 0; i < 2; i++) {
    const byte = load<u8>(at)
    if (!isLetter(byte) && byte != 0x40 && byte != 0x24 && byte != 0x26) break
    at++
  }
  for (let i = 0; i < 3 && load<u8>(at) == 0x5c; i++) at++
  if (!isQuote(load<u8>(at))) return 0
  let inner = ++at
  for (let i = 0; i < 3 && load<u8>(inner) == 0x5c; i++) inner++
  return inner > at && isQuote(load<u8>(inner)) ? inner + 1 : at
}

/** Where the sign of equality is behind a type, 0 if there is none. */
function skipType(start: usize): usize {
  let at = skipBlanks(start)
  const limit = at + 20
  while (at < limit && (isLetter(load<u8>(at)) || load<u8>(at) == 0x26 || load<u8>(at) == 0x27 || load<u8>(at) == 0x3f || load<u8>(at) == 0x20)) at++
  while (at > start && load<u8>(at - 1) == 0x20) at--
  at = skipBlanks(at)
  return load<u8>(at) == 0x3d ? at : 0
}

/** `, value="`, newline and `value:`, `default=`: another attribute holds the value. */
function isAttribute(start: usize): bool {
  let at = start
  const limit = start + 48
  while (at < limit) {
    const byte = load<u8>(at)
    if (byte != 0x20 && byte != 0x09 && byte != 0x0d && byte != 0x0a && byte != 0x2c && byte != 0x3b) break
    at++
  }
  if (at == start) return false
  if (load<u8>(at) == 0x22 || load<u8>(at) == 0x27) at++
  if (!isText(at, 0x756c6176) && !isText(at, 0x61666564) && !isText(at, 0x746e6f63)) return false
  while (isLetter(load<u8>(at))) at++
  if (load<u8>(at) == 0x22 || load<u8>(at) == 0x27) at++
  const sign = load<u8>(skipBlanks(at))
  return sign == 0x3d || sign == 0x3a
}

/** Attributes of an element up to behind its `>`; the end of the text where it is none. */
function skipAttributes(start: usize): usize {
  let at = start
  for (let i = 0; i < 3; i++) {
    const name = skipBlanks(at)
    if (name == at) break
    at = name
    while (isName(load<u8>(at)) || load<u8>(at) == 0x3a) at++
    const quote = load<u8>(at + 1)
    if (load<u8>(at) != 0x3d || (quote != 0x22 && quote != 0x27)) return end
    at += 2
    const limit = at + 64
    while (at < limit && load<u8>(at) != quote) at++
    at++
  }
  return load<u8>(at) == 0x3e ? at + 1 : end
}

/** Three characters and more, then a tag that closes. */
function isElement(start: usize): bool {
  let at = skipGap(start)
  if (load<u8>(at) == 0x3c && (isText(at + 1, 0x69727473) || isText(at + 1, 0x756c6176))) {
    while (at < end && load<u8>(at) != 0x3e) at++
    at++
  }
  if (at >= end || isReference(at)) return false
  const limit = at + longestValue < end ? at + longestValue : end
  const first = at
  while (at < limit && load<u8>(at) != 0x3c && load<u8>(at) != 0x0a) at++
  return at - first >= 3 && load<u8>(at) == 0x3c && load<u8>(at + 1) == 0x2f
}

/** A word that begins with these letters stands before the bracket that closes, and not far off. */
function holdsWord(start: usize, four: u32): bool {
  const limit = start + 160 < end ? start + 160 : end
  for (let at = start; at < limit; at++) {
    if (load<u8>(at) == 0x7d) return false
    if (isText(at, four)) return true
  }
  return false
}

/** Four letters in any case, given in lower case, the first in the lowest byte. */
function isText(place: usize, four: u32): bool {
  return (load<u32>(place) | 0x20202020) == four
}

function skipBlanks(start: usize): usize {
  let at = start
  while (load<u8>(at) == 0x20 || load<u8>(at) == 0x09) {
    if (at - start > 40) return at
    at++
  }
  return at
}

function skipGap(start: usize): usize {
  let at = start
  while (at - start < 40) {
    const byte = load<u8>(at)
    if (byte != 0x20 && byte != 0x09 && byte != 0x0a && byte != 0x0d) break
    at++
  }
  return at
}

function isUpper(start: usize, stop: usize): bool {
  for (let at = start; at < stop; at++) {
    const byte = load<u8>(at)
    if (byte >= 0x61 && byte <= 0x7a) return false
  }
  return true
}

/** A character of names: letters, digits, `_`, `.`, `-`. */
function isName(byte: u8): bool {
  return isLetter(byte) || isDigit(byte) || byte == 0x5f || byte == 0x2e || byte == 0x2d
}

/** What joins the words of a name. */
function isJoint(byte: u8): bool {
  return byte == 0x2e || byte == 0x2d || byte == 0x5f
}

function isLetter(byte: u8): bool {
  const small = byte | 0x20
  return small >= 0x61 && small <= 0x7a
}

function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39
}

function isQuote(byte: u8): bool {
  return byte == 0x22 || byte == 0x27 || byte == 0x60
}
