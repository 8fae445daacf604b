/**
 * Whether a value was drawn by a machine or chosen with care. No single measure tells: entropy takes long names for
 * keys, changes of case and digits take them for prose, so all must agree.
 */
import { wordShare } from './letter-pairs.ts'

/** Shannon entropy in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

/** True for values of 16 characters and more that look drawn at random from letters and digits, with signs or without. */
export function looksRandom(text: string): boolean {
  if (text.length < 16 || !/[0-9]/.test(text) || !/[A-Za-z]/.test(text)) return false
  if (isUuid(text) || repeats(text)) return false
  // Of 16 random hex digits one in a hundred falls below 2.6 bits; of longer or richer values hardly any below 3.2.
  const least = /^[0-9a-fA-F]+$/.test(text) ? 2.6 : text.length < 24 ? 3 : 3.4
  return entropy(text) >= least && mixing(text) >= 0.2 && wordShare(text) < 0.4
}

/** True for a password that lists of words do not hold: 8 characters of three kinds and more, few of them in words. */
export function looksStrong(text: string): boolean {
  if (looksRandom(text)) return true
  if (/1234|4321|abcd/i.test(text)) return false
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text)).length
  if (text.length < 8 || kinds < 3 || new Set(text).size < 6 || repeats(text)) return false
  return wordShare(text) < 0.5 && mixing(text) >= 0.25
}

/** True for a UUID in text. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)
}

/** Alphabets and counting, and a stretch that comes again. */
function repeats(text: string): boolean {
  return (
    /abcdef(?:gh|01)|012345(?:67|$)|12345678|87654321|deadbeef|cafebabe|(.)\1{5}/i.test(text) ||
    /^(.{1,8})\1+$/.test(text)
  )
}

/** Share of neighbours of different kind: half and more in random base62, a fifth in names of things. */
function mixing(text: string): number {
  let changes = 0
  for (let i = 1; i < text.length; i++)
    if (kind(text.charCodeAt(i - 1)) !== kind(text.charCodeAt(i))) changes++
  return changes / (text.length - 1)
}

function kind(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return 0
  if (code >= 0x41 && code <= 0x5a) return 1
  return code >= 0x30 && code <= 0x39 ? 2 : 3
}
