/**
 * More detectors of the same make, to show that cost does not grow with their number: each is a real one whose fixed
 * texts are replaced by made-up ones. Letters are shuffled and not drawn, so that they are as common as before.
 */
import { letters, type Random, seededRandom } from '../../detectors/checks/random.ts'
import type { Detector } from '../model/detector.ts'

/** `detectors`, and `times - 1` times as many with texts of their own; ids end in `-x2`, `-x3`, … */
export function multiplyDetectors(detectors: readonly Detector[], times: number): Detector[] {
  const random = seededRandom(9)
  const taken = new Set(
    detectors
      .flatMap(({ anchors, context }) => [...anchors, ...(context ?? [])])
      .map((text) => text.toLowerCase()),
  )
  const made = [...detectors]
  for (let turn = 2; turn <= times; turn++) {
    const texts = new Map<string, string>()
    // `Token`, `TOKEN` and `token` stay one word written in three ways.
    const textFor = (text: string): string => {
      const small = text.toLowerCase()
      const other = texts.get(small) ?? madeUp(small, taken, random)
      texts.set(small, other)
      return writtenAs(text, other)
    }
    for (const detector of detectors) made.push(another(detector, turn, textFor))
  }
  return made
}

function another(detector: Detector, turn: number, textFor: (text: string) => string): Detector {
  const { pair, context } = detector
  return {
    ...detector,
    id: `${detector.id}-x${turn}`,
    anchors: detector.anchors.map(textFor),
    pattern: otherPattern(detector, textFor),
    ...(context === undefined ? {} : { context: context.map(textFor) }),
    ...(pair === undefined ? {} : { pair: { ...pair, with: `${pair.with}-x${turn}` } }),
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

/** The same pattern around the other texts; where they are not in it word for word, a token behind them. */
function otherPattern({ anchors, pattern, maxLength }: Detector, textFor: (text: string) => string): string {
  const written = anchors.map(escaped)
  if (written.every((anchor) => pattern.includes(anchor))) {
    // The longest first: one may be the beginning of another.
    const order = anchors
      .map((_, index) => index)
      .sort((a, b) => (written[b] ?? '').length - (written[a] ?? '').length)
    return order.reduce((text, index) => {
      const other = escaped(textFor(anchors[index] ?? ''))
      return text.replaceAll(written[index] ?? '', other)
    }, pattern)
  }
  if (anchors.length === 0) return pattern
  const shortest = Math.min(...anchors.map((anchor) => anchor.length))
  const others = anchors.map((anchor) => escaped(textFor(anchor)))
  return `(?:${others.join('|')})[A-Za-z0-9_-]{32,${Math.max(32, Math.min(maxLength - shortest, 200))}}`
}

/** `other` with capitals where `text` has them. */
function writtenAs(text: string, other: string): string {
  return other
    .split('')
    .map((sign, at) => (/[A-Z]/.test(text.charAt(at)) ? sign.toUpperCase() : sign))
    .join('')
}

/** A text of the same length and, while there are any, of the same kinds of signs that no detector has. */
function madeUp(text: string, taken: Set<string>, random: Random): string {
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const mixed = shuffled(text, random)
    const other = attempt < 20 ? mixed : changed(mixed, attempt < 1000 ? kindsOfSigns : [anySigns], random)
    if (taken.has(other)) continue
    taken.add(other)
    return other
  }
  throw new RangeError(`no other text of the length of "${text}"`)
}

const kindsOfSigns = [
  'abcdefghijklmnopqrstuvwxyz',
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '0123456789',
  ':/=-._+',
  // Rare in text, which is why anchors hold them.
  '|~^$#@&',
] as const
const anySigns = kindsOfSigns.join('')

/** Letters change places with letters, capitals with capitals, digits with digits. */
function shuffled(text: string, random: Random): string {
  const signs = text.split('')
  for (const kind of kindsOfSigns.slice(0, 3)) {
    const places = signs.flatMap((sign, at) => (kind.includes(sign) ? [at] : []))
    const pool = places.map((at) => signs[at] ?? '')
    for (const at of places) signs[at] = pool.splice(Math.floor(random() * pool.length), 1)[0] ?? ''
  }
  return signs.join('')
}

/** One sign becomes another of its kind. */
function changed(text: string, kinds: readonly string[], random: Random): string {
  const at = Math.floor(random() * text.length)
  const kind = kinds.find((one) => one.includes(text.charAt(at))) ?? anySigns
  return text.slice(0, at) + letters(random, kind, 1) + text.slice(at + 1)
}
