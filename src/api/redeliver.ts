/**
 * Has a dead delivery tried from the start again: the same bytes under the same id, so an issuer that did take it
 * the last time sees a repeat. The response it belongs to is under way again with it.
 */
import { type Db, transact } from '../store/database.ts'
import { getDelivery, reviveDelivery } from '../store/deliveries.ts'
import { moveResponse } from '../store/responses.ts'
import { ProblemError } from './errors.ts'
import { found } from './found.ts'

/** @throws AppError not_found, or conflict when there is nothing to send again */
export async function redeliver(db: Db, id: string, actor: string, reason: string): Promise<void> {
  await transact(db, async (tx) => {
    const delivery = found(await getDelivery(tx, id), 'delivery', id)
    if (delivery.responseId === null)
      throw refused(`delivery "${id}" is a test; test the issuer again instead`)
    if (delivery.state !== 'dead')
      throw refused(`delivery "${id}" is ${delivery.state}, only dead ones are revived`)
    if (delivery.sealedBody === null)
      throw refused(`the body of delivery "${id}" was purged; request a revocation`)
    if (!(await reviveDelivery(tx, id))) throw refused(`delivery "${id}" changed meanwhile`)
    await moveResponse(tx, {
      id: delivery.responseId,
      to: 'executing',
      actor,
      reason,
      detail: { delivery: id },
    })
  })
}

function refused(detail: string): ProblemError {
  return new ProblemError('conflict', 'not-redeliverable', detail)
}
