/** Rows of sources, schedules, scans, deliveries and audit events, as members of the contract. */
import type { z } from 'zod'
import type { pageAudit, pageDeliveries } from '../../store/pages/other-pages.ts'
import type { pageScans } from '../../store/pages/scan-pages.ts'
import type { ScanProgress } from '../../store/scans.ts'
import type { deliverySchema } from '../contract/delivery.ts'
import type { scanProgressSchema, scanSchema } from '../contract/scan.ts'
import type { scheduleSchema } from '../contract/schedule.ts'
import type { sourceSchema } from '../contract/source.ts'
import type { auditEventSchema } from '../contract/upkeep.ts'
import { nextRun } from '../next-run.ts'

type RowOf<F extends (...args: never[]) => Promise<{ rows: unknown[] }>> = Awaited<
  ReturnType<F>
>['rows'][number]

export function presentSource(row: {
  id: string
  name: string
  target: string
  authority: 'owned' | 'public'
  createdAt: Date
}): z.output<typeof sourceSchema> {
  return {
    id: row.id,
    url: `/v1/sources/${row.id}`,
    name: row.name,
    target: row.target,
    authority: row.authority,
    created_at: row.createdAt.toISOString(),
  }
}

export function presentSchedule(row: {
  id: string
  name: string
  cron: string
  timeZone: string
  sourceIds: string[]
  enabled: boolean
  createdAt: Date
  updatedAt: Date
}): z.output<typeof scheduleSchema> {
  const next = row.enabled ? nextRun(row.cron, row.timeZone, new Date()) : undefined
  return {
    id: row.id,
    url: `/v1/schedules/${row.id}`,
    name: row.name,
    cron: row.cron,
    time_zone: row.timeZone,
    source_ids: row.sourceIds,
    enabled: row.enabled,
    next_run_at: next?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  }
}

export function presentScan(row: RowOf<typeof pageScans>): z.output<typeof scanSchema> {
  return {
    id: row.id,
    url: `/v1/scans/${row.id}`,
    state: row.state,
    schedule_id: row.scheduleId,
    started_by: row.startedBy,
    created_at: row.createdAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
  }
}

export function presentProgress(scan: ScanProgress): z.output<typeof scanProgressSchema> {
  const total = (name: string): number => {
    const sum = scan.totals[name]
    return typeof sum === 'number' ? sum : 0
  }
  return {
    ...presentScan(scan),
    progress: {
      tasks: scan.tasks,
      blobs: total('blobs'),
      bytes: total('bytesScanned'),
      unchanged: total('unchanged'),
      drops: typeof scan.totals['drops'] === 'object' ? scan.totals['drops'] : {},
      findings: scan.findings,
      problems: scan.problems.error + scan.problems.skipped,
    },
    problems_url: `/v1/scans/${scan.id}/problems`,
    findings_url: `/v1/findings?scan_id=${scan.id}`,
  }
}

export function presentDelivery(row: RowOf<typeof pageDeliveries>): z.output<typeof deliverySchema> {
  return {
    id: row.id,
    url: `/v1/deliveries/${row.id}`,
    issuer_id: row.issuerId,
    revocation_id: row.responseId,
    kind: row.kind,
    state: row.state,
    attempts_count: row.attempts,
    body_sha256: row.bodySha256.toString('hex'),
    next_attempt_at: row.state === 'pending' ? row.nextAttemptAt.toISOString() : null,
    last_status: row.lastStatus,
    last_outcome: row.lastOutcome,
    created_at: row.createdAt.toISOString(),
    completed_at: row.completedAt?.toISOString() ?? null,
  }
}

export function presentAuditEvent(row: RowOf<typeof pageAudit>): z.output<typeof auditEventSchema> {
  return {
    seq: Number(row.seq),
    at: row.at.toISOString(),
    actor: row.actor,
    action: row.action,
    subject_type: row.subjectType,
    subject_id: row.subjectId,
    detail: row.detail,
    hash: row.hash.toString('hex'),
  }
}
