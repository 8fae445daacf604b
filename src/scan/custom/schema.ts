/**
 * The file of detectors as people write it: the fields of `Detector` in snake_case, as far as data can express them.
 * Unknown fields are refused, since a mistyped optional field would silently find less.
 */
import { z } from 'zod'
import { checkSchema } from './checks.ts'

/** Keys and the like are longer, but a pattern that counts further is a mistake more often than not. */
export const longestMatch = 16_384

const idForm = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
const id = z.string().max(80).regex(idForm, {
  error: 'must be small letters and digits with single dashes between, such as acme-api-key',
})
const words = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !/\p{Cc}/u.test(text), { error: 'must be one line without control characters' })
/** Anchors, prefixes and context words are looked for byte by byte. */
const fixedText = (least: number) =>
  z
    .string()
    .max(64)
    .refine((text) => text.length >= least && /^[\x20-\x7e]*$/.test(text), {
      error: `must be ${least} to 64 printable ASCII characters`,
    })
const httpsUrl = z
  .string()
  .max(500)
  .refine((text) => URL.canParse(text) && /^https:$/.test(new URL(text).protocol), {
    error: 'must be an address that begins with https://',
  })
/** The inside of a character class: characters and ranges, everything else stands for itself. */
const byteSet = z
  .string()
  .max(128)
  .refine((text) => /^[\x20-\x7e]*$/.test(text), {
    error: 'must be ASCII characters and ranges, such as A-Za-z0-9_',
  })
  .refine((text) => [...text.matchAll(/(.)-(.)/g)].every(([, from = '', to = '']) => from <= to), {
    error: 'a range must go from the lower to the higher character; put a "-" at the end',
  })
const distance = (most: number) => z.int().min(0).max(most)
const statuses = z.array(z.int().min(100).max(599)).max(20)

export const detectorSchema = z.strictObject({
  id,
  issuer: words(100),
  kind: words(100),
  docs: httpsUrl.optional(),
  anchors: z.array(fixedText(2)).max(50).default([]),
  gate: z.enum(['prefix', 'value', 'inside', 'words']).optional(),
  pattern: z.string().min(1).max(2000),
  not_before: byteSet.optional(),
  not_after: byteSet.optional(),
  max_length: z.int().min(1).max(longestMatch).optional(),
  reach: z.strictObject({ left: distance(longestMatch), right: distance(longestMatch) }).optional(),
  check: checkSchema.optional(),
  proven_only: z.boolean().optional(),
  min_entropy: z.number().min(0).max(8).optional(),
  context: z.array(fixedText(2)).min(1).max(50).optional(),
  context_within: z.int().min(1).max(4096).optional(),
  pair: z.strictObject({ with: id, within: z.int().min(1).max(longestMatch) }).optional(),
  test_mode: z.array(fixedText(1)).min(1).max(20).optional(),
  probe: z
    .strictObject({
      get: httpsUrl,
      auth: z.enum(['bearer', 'basic', 'token', 'private-token']),
      active: statuses,
      inactive: statuses,
    })
    .optional(),
  revoke: words(500).optional(),
  yields_to: z.array(id).max(50).optional(),
  manual_only: z.boolean().optional(),
  /** It takes the place of the built-in detector of that id. */
  replaces: z.boolean().default(false),
  examples: z.strictObject({
    match: z.array(z.string().min(1).max(longestMatch)).min(1).max(50),
    no_match: z.array(z.string().min(1).max(longestMatch)).max(50).default([]),
  }),
})
export type DetectorSpec = z.infer<typeof detectorSchema>

export const fileSchema = z.strictObject({ detectors: z.array(detectorSchema).min(1).max(1000) })

/** Names of the fields that may stand at `path`, for the message about one that may not. */
export function fieldsAt(path: readonly PropertyKey[]): string[] {
  const [, , field] = path
  if (path.length === 0) return Object.keys(fileSchema.shape)
  if (path.length === 2) return Object.keys(detectorSchema.shape)
  const nested = {
    reach: ['left', 'right'],
    pair: ['with', 'within'],
    probe: ['get', 'auth', 'active', 'inactive'],
    examples: ['match', 'no_match'],
  }
  return nested[field as keyof typeof nested] ?? []
}
