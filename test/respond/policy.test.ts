/** The gates: each alone holds an automatic response back, and nothing leaves without an open `auto`. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { responseModes } from '../../src/model/finding.ts'
import { decide, gateNames, type PolicyInput, refuseExecution } from '../../src/respond/policy.ts'

const allowed: PolicyInput = {
  issuer: { mode: 'auto', proven: true, disabled: false, hourlyCap: 10 },
  automaticLastHour: 0,
  killSwitch: false,
  finding: { state: 'open', checkPassed: true, checkBits: 32, label: null },
  manualOnly: false,
  places: [{ owned: true, public: false }],
}
const issuer = allowed.issuer as NonNullable<PolicyInput['issuer']>
const finding = allowed.finding

describe('a decision', () => {
  it('is to act when every gate passes', () => {
    const decision = decide(allowed)
    expect(decision).toMatchObject({ state: 'executing', mode: 'auto' })
    expect(decision.gates.map((gate) => gate.gate)).toEqual([...gateNames])
  })

  it.each<[string, Partial<PolicyInput>, 'awaiting_approval' | 'observed', string]>([
    ['no issuer', { issuer: null }, 'observed', 'issuer_registered'],
    ['mode observe', { issuer: { ...issuer, mode: 'observe' } }, 'observed', 'mode_allows_action'],
    ['mode dry_run', { issuer: { ...issuer, mode: 'dry_run' } }, 'observed', 'mode_allows_action'],
    ['mode approve', { issuer: { ...issuer, mode: 'approve' } }, 'awaiting_approval', 'mode_auto'],
    [
      'an unproven endpoint',
      { issuer: { ...issuer, proven: false } },
      'awaiting_approval',
      'endpoint_proven',
    ],
    [
      'an endpoint switched off',
      { issuer: { ...issuer, disabled: true } },
      'awaiting_approval',
      'endpoint_proven',
    ],
    ['the cap reached', { automaticLastHour: 10 }, 'awaiting_approval', 'below_cap'],
    ['the kill switch', { killSwitch: true }, 'awaiting_approval', 'kill_switch_off'],
    ['a resolved finding', { finding: { ...finding, state: 'resolved' } }, 'observed', 'finding_open'],
    ['a failed check', { finding: { ...finding, checkPassed: false } }, 'observed', 'check_not_failed'],
    [
      'no check',
      { finding: { ...finding, checkPassed: null, checkBits: 0 } },
      'awaiting_approval',
      'check_strength',
    ],
    ['a weak check', { finding: { ...finding, checkBits: 15 } }, 'awaiting_approval', 'check_strength'],
    ['a canary', { finding: { ...finding, label: 'canary' } }, 'observed', 'not_excluded'],
    ['a test key', { finding: { ...finding, label: 'test_mode' } }, 'observed', 'not_excluded'],
    ['an encrypted key', { finding: { ...finding, label: 'encrypted' } }, 'observed', 'not_excluded'],
    ['a detector for humans', { manualOnly: true }, 'awaiting_approval', 'detector_allows_auto'],
    ['no place at all', { places: [] }, 'awaiting_approval', 'authority'],
    [
      'only private places of others',
      { places: [{ owned: false, public: false }] },
      'awaiting_approval',
      'authority',
    ],
  ])('with %s is not to act', (_name, change, state, gate) => {
    const decision = decide({ ...allowed, ...change })
    expect(decision.state).toBe(state)
    expect(decision.gates.find((each) => each.gate === gate)?.passed).toBe(false)
    expect(decision.reason).not.toBe('')
  })

  it('is to act on 16 bits, and on a public place of a source that is not ours', () => {
    expect(decide({ ...allowed, finding: { ...finding, checkBits: 16 } }).state).toBe('executing')
    expect(decide({ ...allowed, places: [{ owned: false, public: true }] }).state).toBe('executing')
  })
})

const anyInput: fc.Arbitrary<PolicyInput> = fc.record({
  issuer: fc.option(
    fc.record({
      mode: fc.constantFrom(...responseModes),
      proven: fc.boolean(),
      disabled: fc.boolean(),
      hourlyCap: fc.integer({ min: 0, max: 3 }),
    }),
  ),
  automaticLastHour: fc.integer({ min: 0, max: 4 }),
  killSwitch: fc.boolean(),
  finding: fc.record({
    state: fc.constantFrom('open', 'resolved'),
    checkPassed: fc.constantFrom(true, false, null),
    checkBits: fc.constantFrom(0, 8, 15, 16, 32),
    label: fc.constantFrom(null, 'canary', 'test_mode', 'encrypted', 'expired'),
  }),
  manualOnly: fc.boolean(),
  places: fc.array(fc.record({ owned: fc.boolean(), public: fc.boolean() }), { maxLength: 3 }),
})

describe('whatever the facts', () => {
  it('nothing leaves without an open auto and every condition beside it', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const mayLeave =
          input.issuer?.mode === 'auto' &&
          input.issuer.proven &&
          !input.issuer.disabled &&
          input.automaticLastHour < input.issuer.hourlyCap &&
          !input.killSwitch &&
          input.finding.state === 'open' &&
          input.finding.checkPassed === true &&
          input.finding.checkBits >= 16 &&
          input.finding.label === null &&
          !input.manualOnly &&
          input.places.some((place) => place.owned || place.public)
        expect(decide(input).state === 'executing').toBe(mayLeave)
      }),
      { numRuns: 2000 },
    )
  })

  it('a label, a failed check or a quiet mode is never even put up for approval', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const quiet = input.issuer?.mode === 'observe' || input.issuer?.mode === 'dry_run'
        const never =
          input.issuer === null ||
          quiet ||
          input.finding.label !== null ||
          input.finding.checkPassed === false
        if (never) expect(decide(input).state).toBe('observed')
      }),
    )
  })

  it('a person can approve past mode, cap, check strength and authority, and past nothing else', () => {
    const weak: PolicyInput = {
      ...allowed,
      issuer: { ...issuer, mode: 'approve' },
      finding: { ...finding, checkPassed: null, checkBits: 0 },
    }
    expect(refuseExecution(weak)).toEqual([])
    const names = (input: PolicyInput) => refuseExecution(input).map((gate) => gate.gate)
    expect(names({ ...weak, killSwitch: true })).toEqual(['kill_switch_off'])
    expect(names({ ...weak, issuer: { ...issuer, proven: false } })).toEqual(['endpoint_proven'])
    expect(names({ ...weak, finding: { ...finding, label: 'canary' } })).toEqual(['not_excluded'])
    expect(names({ ...weak, issuer: null })).toContain('issuer_registered')
  })
})
