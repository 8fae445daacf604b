/** Triage: whatever is asked in whatever order, state and resolution always go together. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyPatch, type FindingPatch } from '../../src/findings/triage.ts'
import { AppError } from '../../src/model/errors.ts'
import { findingStates, resolutions } from '../../src/model/finding.ts'
import type { Triage } from '../../src/store/triage.ts'

const fresh: Triage = {
  state: 'open',
  resolution: null,
  resolutionComment: null,
  resolvedAt: null,
  resolvedBy: null,
  assignee: null,
}

const anyPatch: fc.Arbitrary<FindingPatch> = fc.record(
  {
    state: fc.constantFrom(...findingStates),
    resolution: fc.constantFrom(null, ...resolutions),
    resolution_comment: fc.constantFrom(null, 'why'),
    assignee: fc.constantFrom(null, 'ann', 'bob'),
  },
  { requiredKeys: [] },
)

test('after any patches a finding is resolved exactly when it has resolution, time and person', () => {
  fc.assert(
    fc.property(fc.array(anyPatch, { maxLength: 8 }), (patches) => {
      let now = fresh
      for (const patch of patches) {
        try {
          now = applyPatch(now, patch, 'ann')
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          continue
        }
        const isResolved = now.state === 'resolved'
        expect([now.resolution !== null, now.resolvedAt !== null, now.resolvedBy !== null]).toEqual([
          isResolved,
          isResolved,
          isResolved,
        ])
        if (!isResolved) expect(now.resolutionComment).toBeNull()
        if (patch.state) expect(now.state).toBe(patch.state)
        if (patch.assignee !== undefined) expect(now.assignee).toBe(patch.assignee)
      }
    }),
  )
})

test.each<[string, Triage, FindingPatch, string]>([
  ['nothing', fresh, {}, 'invalid_input'],
  ['what is so already', fresh, { state: 'open' }, 'invalid_input'],
  ['to resolve without a resolution', fresh, { state: 'resolved' }, 'unprocessable'],
  ['a resolution for an open finding', fresh, { resolution: 'revoked' }, 'unprocessable'],
])('asking for %s is refused', (_name, before, patch, code) => {
  expect(() => applyPatch(before, patch, 'ann')).toThrow(expect.objectContaining({ code }))
})

test('a comment cannot be changed without its resolution', () => {
  const resolved = applyPatch(
    fresh,
    { state: 'resolved', resolution: 'revoked', resolution_comment: 'a' },
    'ann',
  )

  expect(() => applyPatch(resolved, { resolution_comment: 'b' }, 'bob')).toThrow(
    expect.objectContaining({ code: 'unprocessable' }),
  )
  expect(applyPatch(resolved, { resolution: 'expired', resolution_comment: 'b' }, 'bob')).toMatchObject({
    resolutionComment: 'b',
    resolvedBy: 'bob',
  })
})
