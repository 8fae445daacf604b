/**
 * Made-up credentials for tests, benches and demonstrations: every detector can mint values that it finds and
 * whose check passes. None was ever issued; the same seed gives the same value everywhere.
 */
import { detectors } from '../index.ts'
import type { Random } from './random.ts'

/** A value that the detector `detectorId` finds; throws on an id that does not exist. */
export function mintFor(detectorId: string, random: Random): string {
  const detector = detectors.find(({ id }) => id === detectorId)
  if (!detector?.mint) throw new Error(`no detector "${detectorId}" that can mint`)
  return detector.mint(random)
}

/**
 * `token` with one letter or digit of its random part replaced by the next of its class (a by b, 9 by 0): it keeps its
 * shape and loses its checksum.
 */
export function spoil(token: string): string {
  const at = spoilAt(token)
  return token.slice(0, at) + next(token.charAt(at)) + token.slice(at + 1)
}

/** In a key block the middle of its body, else the ninth character from the end: before the usual sums. */
function spoilAt(token: string): number {
  const from = token.startsWith('-----BEGIN') ? Math.floor(token.length / 2) : token.length - 9
  for (let at = from; at > 0; at--) if (/[A-Za-z0-9]/.test(token.charAt(at))) return at
  return token.length - 1
}

function next(character: string): string {
  if (character === 'z') return 'a'
  if (character === 'Z') return 'A'
  if (character === '9') return '0'
  if (character === 'f') return 'a'
  return String.fromCharCode(character.charCodeAt(0) + 1)
}
