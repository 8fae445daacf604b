/** Which step the demo blames, from what was seen and nothing else. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DemoEvidence } from '../../src/demo/evidence.ts'
import { type DemoStep, demoSteps, findFailure, type Symptoms } from '../../src/demo/verdict.ts'

const planted = 8

/** Every credential found, disabled and told of; nothing else touched. */
const well: DemoEvidence = {
  planted,
  found: planted,
  disabled: planted,
  mailed: planted,
  decoys_touched: 0,
  credentials: [],
  stray_mails: [],
  repeated_mails: [],
}
const noSymptoms: Symptoms = {
  waitingTasks: 0,
  failedChecks: 0,
  badAnswers: [],
  secondRun: { findings: 0, webhooks: 0, mails: 0 },
}

interface Seen {
  evidence: Partial<DemoEvidence>
  symptoms: Partial<Symptoms>
}

describe('the verdict', () => {
  it('is none when all is well, before and after the second run', () => {
    expect(findFailure(well, noSymptoms)).toBeNull()
    expect(findFailure(well, { ...noSymptoms, secondRun: null })).toBeNull()
  })

  it.each<[string, Seen, DemoStep, RegExp]>([
    ['tasks wait', { evidence: { found: 0 }, symptoms: { waitingTasks: 3 } }, 'worker', /3 tasks/],
    ['a credential is missing', { evidence: { found: 7 }, symptoms: {} }, 'scan', /1 of 8/],
    [
      'fewer checks failed than credentials are missing',
      { evidence: { found: 5 }, symptoms: { failedChecks: 2 } },
      'scan',
      /3 of 8/,
    ],
    [
      'as many checks failed',
      { evidence: { found: 5 }, symptoms: { failedChecks: 3 } },
      'checksum',
      /3 of 8/,
    ],
    [
      'the issuer answers 401',
      { evidence: { disabled: 0 }, symptoms: { badAnswers: [401] } },
      'signature',
      /8/,
    ],
    [
      'the issuer answers 403 once among failures',
      { evidence: { disabled: 6 }, symptoms: { badAnswers: [null, 503, 403] } },
      'signature',
      /2 of 8/,
    ],
    [
      'the issuer does not answer',
      { evidence: { disabled: 6 }, symptoms: { badAnswers: [null] } },
      'issuer',
      /2 of 8/,
    ],
    ['the issuer says yes and does nothing', { evidence: { disabled: 7 }, symptoms: {} }, 'issuer', /1 of 8/],
    ['somebody was not told', { evidence: { mailed: 7 }, symptoms: {} }, 'mail', /1 of 8/],
    [
      'mail went to a stranger',
      { evidence: { stray_mails: ['x@elsewhere.test'] }, symptoms: {} },
      'mail',
      /x@elsewhere\.test/,
    ],
    [
      'mail went out twice',
      { evidence: { repeated_mails: ['dev1@acme.test'] }, symptoms: {} },
      'mail',
      /dev1@acme\.test/,
    ],
    ['a decoy was touched', { evidence: { decoys_touched: 1 }, symptoms: {} }, 'decoys', /1 decoy/],
    [
      'a second run added a webhook',
      { evidence: {}, symptoms: { secondRun: { findings: 0, webhooks: 1, mails: 0 } } },
      'second_run',
      /0 findings, 1 webhooks and 0 mails/,
    ],
  ])('when %s', (_, { evidence, symptoms }, step, message) => {
    const failure = findFailure({ ...well, ...evidence }, { ...noSymptoms, ...symptoms })

    expect(failure?.step).toBe(step)
    expect(failure?.message).toMatch(message)
  })

  it('names the first broken step whatever else broke', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...demoSteps)),
        fc.integer({ min: 1, max: planted }),
        (broken, missing) => {
          const seen = breakAll(broken, missing)
          const first = demoSteps.find((step) => broken.includes(step))

          expect(findFailure(seen.evidence, seen.symptoms)?.step).toBe(first)
        },
      ),
    )
  })
})

/** What is seen when these steps broke, each for `missing` credentials. */
function breakAll(
  broken: readonly DemoStep[],
  missing: number,
): { evidence: DemoEvidence; symptoms: Symptoms } {
  const is = (step: DemoStep): boolean => broken.includes(step)
  return {
    evidence: {
      ...well,
      found: is('scan') || is('checksum') ? planted - missing : planted,
      disabled: is('signature') || is('issuer') ? planted - missing : planted,
      mailed: is('mail') ? planted - missing : planted,
      decoys_touched: is('decoys') ? missing : 0,
    },
    symptoms: {
      waitingTasks: is('worker') ? missing : 0,
      failedChecks: is('checksum') && !is('scan') ? missing : missing - 1,
      badAnswers: [...(is('issuer') ? [503] : []), ...(is('signature') ? [401] : [])],
      secondRun: { findings: 0, webhooks: 0, mails: is('second_run') ? missing : 0 },
    },
  }
}
