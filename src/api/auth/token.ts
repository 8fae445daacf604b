/**
 * The form of our own bearer tokens: `kr_pat_`, 30 characters of base62, and the CRC-32 of those 30 in base62
 * (6 characters, alphabet 0-9A-Za-z). The checksum lets a mistyped or invented token be refused without asking
 * the database, and lets scanners, ours among them, find a leaked one with certainty.
 */
import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const prefix = 'kr_pat_'
const form = /^kr_pat_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/

/** A fresh token: 178 random bits. */
export function newToken(): string {
  let random = ''
  for (let count = 0; count < 30; count++) random += alphabet[randomInt(alphabet.length)]
  return prefix + random + checksum(random)
}

/** Whether the text has the form and its checksum fits. Says nothing about whether the token exists. */
export function isWellFormed(token: string): boolean {
  const match = form.exec(token)
  return match?.[1] !== undefined && checksum(match[1]) === match[2]
}

/** What is stored and looked up. A plain hash is enough: the token is random and long. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function checksum(random: string): string {
  let rest = crc32(random)
  let digits = ''
  for (let count = 0; count < 6; count++) {
    digits = alphabet.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
