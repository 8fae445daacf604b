/**
 * Credentials that are planted into a corpus: minted, so none was ever issued, and proved by their own check. Where
 * they stand is written down by span; the values themselves are nowhere but in the corpus.
 */

import type { Random } from '../../../detectors/checks/random.ts'
import { detectors } from '../../../detectors/index.ts'
import type { Detector } from '../../model/detector.ts'

/** Where a credential was planted: what a scan must report. */
export interface Planted {
  detector: string
  /** Below the corpus, with `/`. */
  path: string
  /** The member, where the file is an archive. */
  archive_path?: string
  /** Bytes that the reported span must touch, the end exclusive; of an archive's member, where there is one. */
  byte_start: number
  byte_end: number
}

const leastBits = 16

/** Detectors whose values stand in one line, begin with their anchor and are proved by a check alone. */
export function plantable(now: number): Detector[] {
  return detectors.filter((detector) => {
    if (detector.gate !== 'prefix' || detector.mint === undefined || detector.check === undefined)
      return false
    if (detector.context !== undefined || detector.pair !== undefined || detector.extent !== undefined)
      return false
    return [1, 2].every((seed) => isProved(detector, seed, now))
  })
}

function isProved(detector: Detector, seed: number, now: number): boolean {
  let drawn = seed
  const value = detector.mint?.(() => (drawn = (drawn * 16_807) % 2_147_483_647) / 2_147_483_647) ?? ''
  if (!/^[\w.~+/=:-]{12,600}$/.test(value)) return false
  if (detector.testMode?.some((prefix) => value.startsWith(prefix))) return false
  const result = detector.check?.(Buffer.from(value), now)
  return result?.outcome === 'passed' && result.bits >= leastBits && result.unusable === undefined
}

/** The next value of the list, round and round. */
export function createMint(random: Random): () => { detector: string; value: string } {
  const usable = plantable(Date.now())
  let turn = 0
  return () => {
    const detector = usable[turn++ % usable.length]
    if (detector?.mint === undefined) throw new Error('no detector can mint')
    return { detector: detector.id, value: detector.mint(random) }
  }
}
