/**
 * Whether the demo went well, and if not, which step broke: told from what was seen at each step, never from what
 * was asked to break.
 */
import type { DemoEvidence } from './evidence.ts'

export const demoSteps = [
  'worker',
  'scan',
  'checksum',
  'signature',
  'issuer',
  'mail',
  'decoys',
  'second_run',
] as const
export type DemoStep = (typeof demoSteps)[number]

export interface Failure {
  step: DemoStep
  message: string
}

export interface Symptoms {
  /** Tasks of the scan that no worker took. */
  waitingTasks: number
  /** Candidates whose checksum did not fit, decoys left out. */
  failedChecks: number
  /** Last answer of each delivery that did not go well: an HTTP status, or null for none. */
  badAnswers: readonly (number | null)[]
  /** What a second run added. */
  secondRun: { findings: number; webhooks: number; mails: number } | null
}

/** The first step that broke, in the order of the data's way; null when all is well. */
export function findFailure(evidence: DemoEvidence, symptoms: Symptoms): Failure | null {
  const { planted, found, disabled, mailed } = evidence
  if (symptoms.waitingTasks > 0) {
    return {
      step: 'worker',
      message: `${symptoms.waitingTasks} tasks of the scan wait; no worker takes them`,
    }
  }
  if (found < planted) {
    const missing = planted - found
    return symptoms.failedChecks >= missing
      ? {
          step: 'checksum',
          message: `${missing} of ${planted} planted credentials failed their offline check`,
        }
      : { step: 'scan', message: `${missing} of ${planted} planted credentials were not found` }
  }
  if (disabled < planted) return blameIssuer(planted - disabled, planted, symptoms)
  if (mailed < planted) {
    return {
      step: 'mail',
      message: `for ${planted - mailed} of ${planted} credentials somebody was not told`,
    }
  }
  const stray = [...evidence.stray_mails, ...evidence.repeated_mails]
  if (stray.length > 0) return { step: 'mail', message: `mail went out wrongly to ${stray.join(', ')}` }
  if (evidence.decoys_touched > 0) {
    return { step: 'decoys', message: `${evidence.decoys_touched} decoys were touched` }
  }
  const second = symptoms.secondRun
  if (second && second.findings + second.webhooks + second.mails > 0) {
    const { findings, webhooks, mails } = second
    return {
      step: 'second_run',
      message: `a second run added ${findings} findings, ${webhooks} webhooks and ${mails} mails`,
    }
  }
  return null
}

function blameIssuer(missing: number, planted: number, symptoms: Symptoms): Failure {
  const refused = symptoms.badAnswers.some((status) => status === 401 || status === 403)
  return refused
    ? {
        step: 'signature',
        message: `the issuer did not accept the signature; ${missing} of ${planted} still work`,
      }
    : { step: 'issuer', message: `the issuer did not disable ${missing} of ${planted} credentials` }
}
