/**
 * GitLab's routable tokens: payload in base64url, its length in base36, and CRC-32 over all before it in
 * base36, 7 wide. The payload is 16 or more random bytes, lines `k:v` sorted by key, and one byte with the
 * length of that text. Source: GitLab's routable token generator and its design document.
 */
import type { CheckResult } from '../../src/model/detector.ts'
import { base36, digits, encodeNumber, lower } from './alphabets.ts'
import { strictBase64 } from './base64.ts'
import { crc32 } from './crc.ts'
import { failed, passed } from './outcome.ts'
import { between, letters, type Random, randomBytes } from './random.ts'

/** Checks a token whose payload begins at `prefixLength`; `version` is `.01` or nothing. */
export function checkRoutable(secret: Buffer, prefixLength: number): CheckResult {
  const text = secret.toString('latin1')
  if (encodeNumber(crc32(text.slice(0, -7)), base36, 7) !== text.slice(-7)) return failed
  const payload = text.slice(prefixLength, text.indexOf('.', prefixLength))
  if (encodeNumber(payload.length, base36, 2) !== text.slice(-9, -7)) return failed
  return routingFits(payload) ? passed(32) : failed
}

function routingFits(payload: string): boolean {
  const bytes = strictBase64(payload)
  const length = bytes?.at(-1) ?? 0
  if (!bytes || bytes.length < 16 + length + 1) return false
  const lines = bytes.toString('latin1', bytes.length - 1 - length, bytes.length - 1).split('\n')
  const keys = lines.map((line) => /^([cgoptu]):[0-9a-z]+$/.exec(line)?.[1] ?? '')
  return keys.every(Boolean) && keys.includes('o') && keys.join() === [...keys].sort().join()
}

/** A mint for tokens that begin with `prefix`; `version` as in `checkRoutable`. */
export function mintRoutable(prefix: string, version: '.01' | ''): (random: Random) => string {
  return (random) => {
    const text = `o:1\nu:${letters(random, lower + digits, between(random, 2, 6))}`
    const payload = Buffer.concat([randomBytes(random, 16), Buffer.from(text), Buffer.from([text.length])])
    const body = payload.toString('base64url')
    const head = `${prefix}${body}${version}.${encodeNumber(body.length, base36, 2)}`
    return head + encodeNumber(crc32(head), base36, 7)
  }
}
