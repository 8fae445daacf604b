/**
 * Whether anything may be done about a finding, and whether without a human. A pure function: every fact is an
 * argument and every gate's outcome is kept with the response. Safe by default: nothing is executed unless the
 * issuer's mode was openly set to `auto` and every gate passed.
 */
import type { ResponseMode } from '../model/finding.ts'
import type { HitLabel } from '../model/hit.ts'

/** A check this strong, in bits, may be acted on without a human. */
const autoBits = 16

export interface PolicyInput {
  /** Who can disable it; null when no issuer is registered for this detector. */
  issuer: {
    mode: ResponseMode
    /** It has an endpoint, which answered a synthetic delivery since it was last changed. */
    proven: boolean
    /** Its endpoint said 410, or it was switched off. */
    disabled: boolean
    hourlyCap: number
  } | null
  /** Automatic responses of that issuer within the last hour. */
  automaticLastHour: number
  killSwitch: boolean
  finding: {
    state: 'open' | 'resolved'
    checkPassed: boolean | null
    checkBits: number
    label: HitLabel | null
  }
  /** The detector is left out of automatic responses. */
  manualOnly: boolean
  /** `owned`: a source of ours; `public`: anybody may read this very place. */
  places: readonly { owned: boolean; public: boolean }[]
}

export const gateNames = [
  'issuer_registered',
  'finding_open',
  'check_not_failed',
  'not_excluded',
  'mode_allows_action',
  'mode_auto',
  'authority',
  'check_strength',
  'detector_allows_auto',
  'endpoint_proven',
  'below_cap',
  'kill_switch_off',
] as const
export type GateName = (typeof gateNames)[number]

export interface Gate {
  gate: GateName
  passed: boolean
  detail: string
}

export interface Decision {
  state: 'executing' | 'awaiting_approval' | 'observed'
  mode: ResponseMode
  /** For people: the gates that decided. */
  reason: string
  gates: Gate[]
}

/** Past these gates a human may decide; where one fails, the finding is only watched. */
const hardGates: ReadonlySet<GateName> = new Set([
  'issuer_registered',
  'finding_open',
  'check_not_failed',
  'not_excluded',
  'mode_allows_action',
])

export function decide(input: PolicyInput): Decision {
  const gates = evaluate(input)
  const failed = gates.filter((gate) => !gate.passed)
  const mode = input.issuer?.mode ?? 'observe'
  if (failed.length === 0) return { state: 'executing', mode, reason: 'every gate passed', gates }
  const hard = failed.filter((gate) => hardGates.has(gate.gate))
  if (hard.length > 0) return { state: 'observed', mode, reason: reasons(hard), gates }
  return { state: 'awaiting_approval', mode, reason: reasons(failed), gates }
}

/**
 * Gates that hold even for a human's decision, looked at again when a person approves and before each attempt.
 * @returns those that fail
 */
export function refuseExecution(input: Pick<PolicyInput, 'issuer' | 'finding' | 'killSwitch'>): Gate[] {
  const everything: PolicyInput = { ...input, automaticLastHour: 0, manualOnly: false, places: [] }
  const needed = new Set<GateName>([...hardGates, 'endpoint_proven', 'kill_switch_off'])
  return evaluate(everything).filter((gate) => needed.has(gate.gate) && !gate.passed)
}

function reasons(gates: readonly Gate[]): string {
  return gates.map((gate) => gate.detail).join('; ')
}

function evaluate(input: PolicyInput): Gate[] {
  const { issuer, finding } = input
  const mode = issuer?.mode ?? 'observe'
  const label = finding.label
  const strong = finding.checkPassed === true && finding.checkBits >= autoBits
  const gate = (name: GateName, passed: boolean, yes: string, no: string): Gate => ({
    gate: name,
    passed,
    detail: passed ? yes : no,
  })
  return [
    gate('issuer_registered', issuer !== null, 'an issuer is registered', 'no issuer is registered for it'),
    gate('finding_open', finding.state === 'open', 'the finding is open', 'the finding is resolved'),
    gate('check_not_failed', finding.checkPassed !== false, 'no check failed', 'its offline check failed'),
    gate('not_excluded', label === null, 'it has no label', `it is labelled ${label ?? ''} and left alone`),
    gate(
      'mode_allows_action',
      mode === 'approve' || mode === 'auto',
      `the issuer's mode is ${mode}`,
      `the issuer's mode is ${mode}: nothing is sent`,
    ),
    gate('mode_auto', mode === 'auto', 'the mode is auto', 'the mode asks for approval'),
    gate(
      'authority',
      input.places.some((place) => place.owned || place.public),
      'a place is owned or public',
      'no place is owned or public',
    ),
    gate(
      'check_strength',
      strong,
      `its check passed with ${finding.checkBits} bits`,
      `no check of ${autoBits} bits or more passed`,
    ),
    gate(
      'detector_allows_auto',
      !input.manualOnly,
      'its detector allows it',
      'its detector asks for a human',
    ),
    gate(
      'endpoint_proven',
      issuer !== null && issuer.proven && !issuer.disabled,
      'the endpoint is proven',
      issuer?.disabled === true ? 'the endpoint is switched off' : 'the endpoint is not proven',
    ),
    gate(
      'below_cap',
      issuer !== null && input.automaticLastHour < issuer.hourlyCap,
      'the hourly cap is not reached',
      'the hourly cap of the issuer is reached',
    ),
    gate('kill_switch_off', !input.killSwitch, 'the kill switch is off', 'the kill switch is on'),
  ]
}
