/** Tokens that are a version-4 UUID behind a prefix: six of its bits are fixed. */
import type { CheckResult } from '../../src/model/detector.ts'
import { verdict } from './outcome.ts'
import { type Random, uuid4 } from './random.ts'

const text = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i
const bare = /^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/i

/** True for a version-4 UUID in text, dashes or none. */
export function isUuid4(value: string): boolean {
  return text.test(value) || bare.test(value)
}

/** True for any UUID in text. */
export function isUuid(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
}

/** Passes where a version-4 UUID follows `prefixLength` characters. */
export function uuidCheck(prefixLength: number): (secret: Buffer) => CheckResult {
  return (secret) => verdict(isUuid4(secret.toString('latin1', prefixLength)), 6)
}

/** A mint for `prefix` and a version-4 UUID. */
export function uuidMint(prefix: string): (random: Random) => string {
  return (random) => prefix + uuid4(random)
}
