/**
 * Phrases of the English word list: BIP-39, Electrum and Algorand write keys as words of 11 bits, each with a
 * checksum of its own. Sources: BIP-39; Electrum's `version.py`; Algorand's developer documentation.
 */
import { createHash, createHmac } from 'node:crypto'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import type { CheckResult } from '../../src/model/detector.ts'
import { failed, verdict } from './outcome.ts'
import { type Random, randomBytes } from './random.ts'

const places = new Map(wordlist.map((word, index) => [word, index]))

/** What the words stand for, or null where one is not of the list. */
function indices(phrase: Buffer): number[] | null {
  const found = phrase
    .toString('latin1')
    .split(' ')
    .map((word) => places.get(word) ?? -1)
  return found.includes(-1) ? null : found
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** Entropy of so many bytes as words, with the first bits of its SHA-256 behind it. */
function toWords(entropy: Buffer): string {
  const sumBits = entropy.length / 4
  const sum = (sha256(entropy)[0] ?? 0) >> (8 - sumBits)
  const value = (BigInt(`0x${entropy.toString('hex')}`) << BigInt(sumBits)) | BigInt(sum)
  const count = (entropy.length * 8 + sumBits) / 11
  return Array.from({ length: count }, (_, place) => {
    return wordlist[Number((value >> BigInt(11 * (count - 1 - place))) & 2047n)] ?? ''
  }).join(' ')
}

/** 12, 15, 18, 21 or 24 words; a bit of sum for every three. */
export function checkBip39(phrase: Buffer): CheckResult {
  const words = indices(phrase)
  if (!words || words.length % 3 !== 0 || words.length < 12 || words.length > 24) return failed
  const sumBits = words.length / 3
  const value = words.reduce((whole, word) => (whole << 11n) | BigInt(word), 0n) >> BigInt(sumBits)
  const entropy = Buffer.from(value.toString(16).padStart(sumBits * 8, '0'), 'hex')
  return verdict(toWords(entropy) === phrase.toString('latin1'), sumBits)
}

/** The kinds of seed by the first digits of a keyed hash: standard, segwit, and either with a second factor. */
export function checkElectrum(phrase: Buffer): CheckResult {
  if (!indices(phrase)) return failed
  const version = createHmac('sha512', 'Seed version').update(phrase).digest('hex')
  return verdict(/^(?:01|10[012])/.test(version), 7)
}

/** The word that ends a phrase with this key. */
function algorandSum(key: Buffer): number {
  return createHash('sha512-256').update(key).digest().readUInt16LE(0) & 2047
}

/** 24 words, least significant first, are the key; the 25th is its sum. */
export function checkAlgorand(phrase: Buffer): CheckResult {
  const words = indices(phrase)
  if (words?.length !== 25) return failed
  const value = words.slice(0, 24).reduceRight((whole, word) => (whole << 11n) | BigInt(word), 0n)
  if (value >> 256n !== 0n) return failed
  const key = Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
  return verdict(algorandSum(key) === words[24], 11)
}

export function mintBip39(random: Random): string {
  return toWords(randomBytes(random, 16))
}

/** Draws until the hash begins as it should and the phrase is none of BIP-39. */
export function mintElectrum(random: Random): string {
  for (;;) {
    const phrase = Array.from({ length: 12 }, () => wordlist[Math.floor(random() * 2048)]).join(' ')
    const bytes = Buffer.from(phrase)
    if (checkElectrum(bytes).outcome === 'passed' && checkBip39(bytes).outcome === 'failed') return phrase
  }
}

export function mintAlgorand(random: Random): string {
  const key = randomBytes(random, 32)
  const value = BigInt(`0x${Buffer.from(key).reverse().toString('hex')}`)
  const words = Array.from({ length: 24 }, (_, place) => Number((value >> BigInt(11 * place)) & 2047n))
  return [...words, algorandSum(key)].map((index) => wordlist[index] ?? '').join(' ')
}
