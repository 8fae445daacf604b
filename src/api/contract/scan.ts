/** Scans: one run over one or more sources, its progress and what it could not read. */
import { z } from 'zod'
import { id, listOf, text, time } from './fields.ts'
import { pagedQuery } from './page.ts'

const scanStates = ['running', 'complete', 'complete_with_errors', 'cancelled'] as const

const count = z.int().min(0)

export const scanSchema = z
  .object({
    id,
    url: z.string(),
    state: z.enum(scanStates),
    schedule_id: z.string().nullable(),
    started_by: z.string(),
    created_at: time,
    finished_at: time.nullable(),
  })
  .meta({ id: 'Scan' })

export const scanListSchema = z.array(scanSchema)

export const scanProgressSchema = z
  .object({
    ...scanSchema.shape,
    progress: z.object({
      tasks: z.object({
        pending: count,
        running: count,
        done: count,
        failed: count,
        cancelled: count,
      }),
      blobs: count,
      bytes: count.describe('Bytes scanned'),
      unchanged: count.describe('Content left out because it was scanned before'),
      drops: z.record(z.string(), count).describe('Candidates that are no findings, by reason'),
      findings: count.describe('Findings this scan met first'),
      problems: count,
    }),
    problems_url: z.string(),
    findings_url: z.string(),
  })
  .meta({ id: 'ScanProgress' })

export const scanQuery = pagedQuery({ state: listOf(scanStates).optional(), schedule_id: id.optional() })

export const scanRequest = z
  .strictObject({
    source_ids: z.array(id).min(1).max(100).optional(),
    targets: z
      .array(text(500))
      .min(1)
      .max(100)
      .optional()
      .describe('As on the command line: github:acme, s3://bucket/prefix. Needs the scope admin'),
  })
  .refine((body) => body.source_ids !== undefined || body.targets !== undefined, {
    message: 'name source_ids, targets or both',
  })

const scanProblemSchema = z
  .object({
    problem: z.enum(['error', 'skipped']),
    code: z.string(),
    subject: z.string(),
    message: z.string(),
  })
  .meta({ id: 'ScanProblem' })

export const scanProblemListSchema = z.array(scanProblemSchema)

export const scanProblemQuery = pagedQuery({ problem: listOf(['error', 'skipped']).optional() })
