/** Seeded randomness for made-up credentials: the same seed gives the same value on every machine. */

/** Numbers from 0 (inclusive) to 1 (exclusive), like `Math.random`. */
export type Random = () => number

/** A small fast generator (mulberry32); good enough for made-up tokens, never for real ones. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A whole number from `low` to `high`, both included. */
export function between(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1))
}

/** `count` characters of `alphabet`. */
export function letters(random: Random, alphabet: string, count: number): string {
  let text = ''
  for (let i = 0; i < count; i++) text += alphabet.charAt(Math.floor(random() * alphabet.length))
  return text
}

/** `count` bytes. */
export function randomBytes(random: Random, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => Math.floor(random() * 256)))
}

/** One of `options`. */
export function oneOf<T>(random: Random, options: readonly [T, ...T[]]): T {
  return options[Math.floor(random() * options.length)] ?? options[0]
}

/** A version-4 UUID in text. */
export function uuid4(random: Random): string {
  const bytes = randomBytes(random, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
