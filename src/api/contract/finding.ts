/**
 * A finding as answered: the fields of the command line, and what triage adds. There is no member for the
 * credential itself, and answers hold only members named here.
 */
import { z } from 'zod'
import { findingStates, resolutions, responseModes, responseStates } from '../../model/finding.ts'
import { confidences } from '../../model/hit.ts'
import { id, listOf, slugList, text, time } from './fields.ts'
import { pagedQuery } from './page.ts'
import { placeSchema } from './place.ts'

const validities = ['active', 'inactive', 'unknown'] as const
const labels = ['canary', 'test_mode', 'encrypted', 'expired'] as const

export const revocationSummarySchema = z
  .object({
    mode: z.enum(responseModes),
    status: z.enum(responseStates),
    outcome: z.string().nullable().describe("What the issuer's last answer meant; null before one came"),
    requested_at: time,
    completed_at: time.nullable(),
    attempts_url: z.string().nullable().describe('The delivery with its attempts; null where none was made'),
    undo_until: time
      .nullable()
      .describe('Null: an issuer that disabled a credential does not enable it again'),
  })
  .meta({ id: 'RevocationSummary' })

export const findingSchema = z
  .object({
    id,
    url: z.string(),
    detector: z.string(),
    issuer: z.string(),
    kind: z.string(),
    fingerprint: z.string(),
    secret_redacted: z.string(),
    check: z.enum(['checksum', 'structure', 'none']),
    check_passed: z.boolean().nullable(),
    confidence: z.enum(confidences),
    validity: z.enum(validities),
    label: z.enum(labels).nullable(),
    state: z.enum(findingStates),
    resolution: z.enum(resolutions).nullable(),
    resolution_comment: z.string().nullable(),
    resolved_at: time.nullable(),
    resolved_by: z.string().nullable(),
    assignee: z.string().nullable(),
    first_seen: time,
    updated_at: time,
    first_scan_id: z.string().nullable(),
    revocation: revocationSummarySchema.nullable(),
    places: z.array(placeSchema).describe('The first 10 by time; `locations_url` lists all'),
    places_count: z.int(),
    locations_url: z.string(),
  })
  .meta({ id: 'Finding' })

export const findingListSchema = z.array(findingSchema)

const exclusive = 'detector and exclude_detectors exclude each other'

export const findingQuery = pagedQuery({
  state: listOf(findingStates).optional(),
  resolution: listOf(resolutions).optional(),
  validity: listOf(validities).optional(),
  confidence: listOf(confidences).optional(),
  label: listOf([...labels, 'none'])
    .optional()
    .describe('`none`: findings without a label'),
  detector: slugList.optional(),
  exclude_detectors: slugList.optional(),
  issuer: slugList.optional(),
  assignee: text(200).optional().describe('`*`: anybody, `none`: nobody'),
  source_id: id.optional(),
  scan_id: id.optional().describe('Findings that this scan met first'),
  q: text(200).optional().describe('Part of a path, without regard to case'),
  sort: z.enum(['created', 'updated']).default('created'),
  direction: z.enum(['asc', 'desc']).default('desc'),
}).refine((query) => query.detector === undefined || query.exclude_detectors === undefined, {
  message: exclusive,
  path: ['exclude_detectors'],
})

export const findingPatch = z.strictObject({
  state: z.enum(findingStates).optional(),
  resolution: z.enum(resolutions).nullable().optional(),
  resolution_comment: text(500).nullable().optional(),
  assignee: text(200).nullable().optional(),
})
