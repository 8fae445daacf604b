/** A finding, its places and its newest response, from rows to the members of the contract. */
import type { z } from 'zod'
import type { FoundPlace } from '../../model/finding.ts'
import type { FindingRow } from '../../store/pages/finding-pages.ts'
import type { ResponseRow } from '../../store/pages/response-pages.ts'
import type { findingSchema, revocationSummarySchema } from '../contract/finding.ts'
import type { locationSchema } from '../contract/place.ts'
import type { revocationSchema } from '../contract/revocation.ts'

/** How many places a finding itself shows; the others are behind its `locations_url`. */
export const shownPlaces = 10

export function presentFinding(
  row: FindingRow,
  places: { places: FoundPlace[]; count: number } | undefined,
  response: ResponseRow | undefined,
): z.output<typeof findingSchema> {
  const url = `/v1/findings/${row.id}`
  return {
    id: row.id,
    url,
    detector: row.detector,
    issuer: row.issuer,
    kind: row.kind,
    fingerprint: row.fingerprint,
    secret_redacted: row.secretRedacted,
    check: row.checkKind,
    check_passed: row.checkPassed,
    confidence: row.confidence,
    validity: row.validity,
    label: row.label,
    state: row.state,
    resolution: row.resolution,
    resolution_comment: row.resolutionComment,
    resolved_at: row.resolvedAt?.toISOString() ?? null,
    resolved_by: row.resolvedBy,
    assignee: row.assignee,
    first_seen: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    first_scan_id: row.firstScanId,
    revocation: response === undefined ? null : presentSummary(response),
    places: places?.places ?? [],
    places_count: places?.count ?? 0,
    locations_url: `${url}/locations`,
  }
}

function presentSummary(row: ResponseRow): z.output<typeof revocationSummarySchema> {
  return {
    mode: row.mode,
    status: row.state,
    outcome: row.outcome,
    requested_at: row.createdAt.toISOString(),
    completed_at: row.completedAt?.toISOString() ?? null,
    attempts_url: attemptsUrl(row),
    undo_until: null,
  }
}

export function presentRevocation(row: ResponseRow): z.output<typeof revocationSchema> {
  return {
    id: row.id,
    url: `/v1/revocations/${row.id}`,
    finding_id: row.findingId,
    finding_url: `/v1/findings/${row.findingId}`,
    issuer_id: row.issuerId,
    lane: row.lane,
    mode: row.mode,
    status: row.state,
    outcome: row.outcome,
    reason: row.reason,
    gates: row.gates,
    requested_by: row.requestedBy,
    decided_by: row.decidedBy,
    requested_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    completed_at: row.completedAt?.toISOString() ?? null,
    attempts_url: attemptsUrl(row),
  }
}

function attemptsUrl(row: ResponseRow): string | null {
  return row.deliveryId === null ? null : `/v1/deliveries/${row.deliveryId}`
}

export function presentLocation(row: {
  id: string
  sourceId: string | null
  type: FoundPlace['type']
  details: FoundPlace
  firstSeenAt: Date
  lastSeenAt: Date
}): z.output<typeof locationSchema> {
  return {
    id: row.id,
    type: row.type,
    details: row.details,
    source_id: row.sourceId,
    first_seen_at: row.firstSeenAt.toISOString(),
    last_seen_at: row.lastSeenAt.toISOString(),
  }
}
