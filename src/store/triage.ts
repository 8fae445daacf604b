/** The columns of a finding that people set; which changes are allowed is decided in `findings/triage.ts`. */
import { sql } from 'kysely'
import type { Tx } from './database.ts'
import { type FindingRow, getFinding } from './findings.ts'

export type Triage = Pick<
  FindingRow,
  'state' | 'resolution' | 'resolutionComment' | 'resolvedAt' | 'resolvedBy' | 'assignee'
>

export async function saveTriage(tx: Tx, id: string, triage: Triage): Promise<FindingRow> {
  const { state, resolution, resolutionComment, resolvedAt, resolvedBy, assignee } = triage
  await tx
    .updateTable('finding')
    .set({
      state,
      resolution,
      resolutionComment,
      resolvedAt,
      resolvedBy,
      assignee,
      updatedAt: sql<Date>`now()`,
    })
    .where('id', '=', id)
    .execute()
  const row = await getFinding(tx, id)
  if (!row) throw new Error('a locked finding vanished')
  return row
}
