/** Which state of a response may follow which; every change goes through this table. */
import type { ResponseState } from '../model/finding.ts'

export const responseMoves: Readonly<Record<ResponseState, readonly ResponseState[]>> = {
  planned: ['awaiting_approval', 'executing', 'observed', 'rejected', 'failed'],
  awaiting_approval: ['executing', 'rejected'],
  executing: ['submitted', 'confirmed', 'failed'],
  submitted: ['confirmed', 'failed', 'reversed'],
  confirmed: ['reversed'],
  // The end for the machine; a person may have it delivered once more.
  failed: ['executing'],
  rejected: [],
  reversed: [],
  observed: [],
}

export function mayMove(from: ResponseState, to: ResponseState): boolean {
  return responseMoves[from].includes(to)
}

/** Nothing happens by itself any more. */
export function isSettled(state: ResponseState): boolean {
  return ['confirmed', 'failed', 'rejected', 'reversed', 'observed'].includes(state)
}
