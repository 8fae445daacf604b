/**
 * A hit as it is remembered: all but the credential, which is read again from the object it stands in. An object never
 * changes under its id, so what was found in it need not be looked for again.
 */
import { z } from 'zod'
import { confidences, type Hit } from '../../../model/hit.ts'
import { Secret } from '../../../model/secret.ts'

/** Without what holds a credential, and for what is stored plain: it is cut out where its span says. */
export type KnownHit = Omit<Hit, 'secret' | 'companion' | 'decoding' | 'archivePath'>

export const knownHit: z.ZodType<KnownHit> = z.object({
  detector: z.string(),
  issuer: z.string(),
  kind: z.string(),
  redacted: z.string(),
  check: z.enum(['checksum', 'structure', 'none']),
  checkPassed: z.boolean().nullable(),
  checkBits: z.number(),
  confidence: z.enum(confidences),
  label: z.enum(['canary', 'test_mode', 'encrypted', 'expired']).nullable(),
  facts: z.record(z.string(), z.string()),
  span: z.object({
    start_line: z.number(),
    start_column: z.number(),
    end_line: z.number(),
    end_column: z.number(),
    byte_start: z.number(),
    byte_end: z.number(),
  }),
})

/** What is kept of a hit; null where it has to be found again. */
export function asKnown(hit: Hit): KnownHit | null {
  const { detector, issuer, kind, redacted, check, checkPassed, checkBits, confidence, label, facts, span } =
    hit
  const isPlain = hit.decoding.length === 0 && hit.companion === undefined && hit.archivePath === undefined
  // What a check says may change with the time.
  const isTimeless = !Object.values(facts).some((fact) => /^\d{4}-\d\d-\d\d|^\d{9,}$/.test(fact))
  if (!isPlain || !isTimeless || label === 'expired') return null
  return { detector, issuer, kind, redacted, check, checkPassed, checkBits, confidence, label, facts, span }
}

/** The hit again, given the text it was found in. */
export function revive(known: KnownHit, text: Buffer): Hit {
  const { byte_start: start, byte_end: end } = known.span
  return { ...known, secret: new Secret(text.subarray(start, end), known.detector), decoding: [] }
}
