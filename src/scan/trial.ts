/**
 * Tries a detector on its own examples, alone and in the surroundings where credentials stand: each must be found,
 * once and by this detector; no near-miss may be reported at medium confidence or above.
 */
import type { Detector } from '../model/detector.ts'
import type { Hit } from '../model/hit.ts'
import type { Engine } from './engine.ts'
import { type Surrounding, surroundings } from './surroundings.ts'

/** One example in one surrounding that went wrong. Never holds the example. */
export interface Mishap {
  /** Place in `examples.match` or `examples.noMatch`, from 0. */
  example: number
  surrounding: string
  /** What the engine made of it, in words. */
  outcome: string
}

export interface Trial {
  /** Texts that were scanned. */
  tried: number
  /** Examples that were not found as they should. */
  missed: Mishap[]
  /** Near-misses that were reported. */
  reported: Mishap[]
}

const alone: Surrounding = { name: 'no surroundings', wrap: (value) => ({ text: value, written: value }) }
const all = [alone, ...surroundings]

/** @param engine one that `detector` is part of; others in it may claim its examples, which is told */
export function tryDetector(engine: Pick<Engine, 'scanBytes'>, detector: Detector): Trial {
  const trial: Trial = { tried: 0, missed: [], reported: [] }
  // Read once: those of the built-in detectors are minted at every look.
  const { match, noMatch } = detector.examples
  for (const surrounding of all) {
    for (const [example, value] of match.entries()) {
      if (!fits(detector, surrounding) || escapesQuotes(surrounding, value)) continue
      trial.tried++
      const outcome = missOf(detector, hitsInside(engine, detector, surrounding, value))
      if (outcome !== null) trial.missed.push({ example, surrounding: surrounding.name, outcome })
    }
    for (const [example, value] of noMatch.entries()) {
      trial.tried++
      const hits = hitsInside(engine, detector, surrounding, value)
      const sure = hits.find((hit) => hit.detector === detector.id && hit.confidence !== 'low')
      if (sure) {
        const outcome = `reported with ${sure.confidence} confidence`
        trial.reported.push({ example, surrounding: surrounding.name, outcome })
      }
    }
  }
  return trial
}

/** What is wrong with the hits in an example, or null. */
function missOf({ id }: Detector, hits: readonly Hit[]): string | null {
  const [hit, ...more] = hits
  if (!hit) return 'not found'
  const others = [...new Set(hits.map(({ detector }) => detector))].filter((other) => other !== id)
  if (others.length > 0) return `found as ${others.join(', ')}`
  if (more.length > 0) return `found ${hits.length} times`
  return hit.checkPassed === false ? 'its check failed' : null
}

/** Context-bound values need their word, which the bare ends of an input do not give. */
function fits(detector: Detector, { name }: Surrounding): boolean {
  // A percent sign after it is part of a value that may hold percent escapes itself.
  if (detector.notAfter?.includes('%') && name.includes('percent')) return false
  return detector.gate !== 'value' || (name !== 'the start of the input' && name !== alone.name)
}

/** A format that holds quotes itself (a JSON key file) is another one once they are escaped. */
function escapesQuotes(surrounding: Surrounding, value: string): boolean {
  return value.includes('"') && surrounding.wrap(value, '').written !== value
}

function hitsInside(
  engine: Pick<Engine, 'scanBytes'>,
  detector: Detector,
  surrounding: Surrounding,
  value: string,
): Hit[] {
  const { text, written } = surrounding.wrap(value, detector.context?.[0] ?? 'setting')
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const start = bytes.indexOf(written)
  const end = start + Buffer.byteLength(written)
  return engine.scanBytes(bytes).hits.filter(({ span }) => span.byte_start >= start && span.byte_end <= end)
}
