/**
 * What people decide about findings. Resolving needs a resolution, reopening takes it away; every change is an audit
 * event that says from what to what.
 */
import { AppError } from '../model/errors.ts'
import type { FindingState, Resolution } from '../model/finding.ts'
import { appendAudit } from '../store/audit.ts'
import { type Db, type Tx, within } from '../store/database.ts'
import { type FindingRow, lockFinding } from '../store/findings.ts'
import { saveTriage, type Triage } from '../store/triage.ts'

/** Members left out stay as they are; names as in the API. */
export interface FindingPatch {
  state?: FindingState | undefined
  /** Required when resolving; null, or left out, when reopening. */
  resolution?: Resolution | null | undefined
  /** Belongs to the resolution and cannot be changed without it. */
  resolution_comment?: string | null | undefined
  assignee?: string | null | undefined
}

/** From which state to which a person may move a finding; the same state changes the resolution. */
export const findingMoves: Readonly<Record<FindingState, readonly FindingState[]>> = {
  open: ['open', 'resolved'],
  resolved: ['resolved', 'open'],
}

/**
 * Applies the patch. `AppError`: not_found; invalid_input when nothing would change; unprocessable when state and
 * resolution do not go together.
 */
export async function patchFinding(
  db: Db | Tx,
  id: string,
  patch: FindingPatch,
  actor: string,
): Promise<FindingRow> {
  return within(db, async (tx) => {
    const before = await lockFinding(tx, id)
    if (!before) throw new AppError('not_found', `there is no finding "${id}"`)
    const after = applyPatch(before, patch, actor)
    const row = await saveTriage(tx, id, after)
    await appendAudit(tx, {
      actor,
      action: actionOf(before, after),
      subjectType: 'finding',
      subjectId: id,
      detail: {
        from: { state: before.state, resolution: before.resolution, assignee: before.assignee },
        to: { state: after.state, resolution: after.resolution, assignee: after.assignee },
        ...(after.resolutionComment === null ? {} : { comment: after.resolutionComment }),
      },
    })
    return row
  })
}

/** The triage fields after the patch. Pure; errors as `patchFinding`. */
export function applyPatch(before: Triage, patch: FindingPatch, actor: string): Triage {
  const state = patch.state ?? before.state
  if (!findingMoves[before.state].includes(state)) {
    throw new AppError('unprocessable', `a finding that is ${before.state} cannot become ${state}`)
  }
  const assignee = patch.assignee === undefined ? before.assignee : patch.assignee
  const after: Triage =
    state === 'open' ? { ...opened(patch), assignee } : { ...resolved(before, patch, actor), assignee }
  const fields = ['state', 'resolution', 'resolutionComment', 'assignee'] as const
  if (fields.every((field) => after[field] === before[field])) {
    throw new AppError('invalid_input', 'nothing would change; name the state, resolution or assignee to set')
  }
  return after
}

function opened(patch: FindingPatch): Omit<Triage, 'assignee'> {
  if (patch.resolution) throw new AppError('unprocessable', 'an open finding has no resolution')
  if (patch.resolution_comment)
    throw new AppError('unprocessable', 'an open finding has no resolution_comment')
  return { state: 'open', resolution: null, resolutionComment: null, resolvedAt: null, resolvedBy: null }
}

function resolved(before: Triage, patch: FindingPatch, actor: string): Omit<Triage, 'assignee'> {
  const resolution = patch.resolution === undefined ? before.resolution : patch.resolution
  if (resolution === null) throw new AppError('unprocessable', 'a resolved finding needs a resolution')
  const same = before.state === 'resolved' && resolution === before.resolution
  if (
    same &&
    patch.resolution_comment !== undefined &&
    patch.resolution_comment !== before.resolutionComment
  ) {
    throw new AppError('unprocessable', 'a resolution_comment cannot be changed without its resolution')
  }
  if (same) {
    const { resolutionComment, resolvedAt, resolvedBy } = before
    return { state: 'resolved', resolution, resolutionComment, resolvedAt, resolvedBy }
  }
  const resolutionComment = patch.resolution_comment ?? null
  return { state: 'resolved', resolution, resolutionComment, resolvedAt: new Date(), resolvedBy: actor }
}

function actionOf(before: Triage, after: Triage): string {
  if (before.state !== after.state) return after.state === 'open' ? 'finding.reopened' : 'finding.resolved'
  if (before.resolution !== after.resolution) return 'finding.resolved'
  return 'finding.assigned'
}
