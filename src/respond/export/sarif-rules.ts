/**
 * Detectors as SARIF rules. Severity and precision follow from the check alone, so that a rule says the same in every
 * scan; how sure one is of a single result is its level.
 */
import type { Message, ReportingDescriptor, Result } from 'sarif'
import type { FindingRecord } from '../../model/finding.ts'
import type { ReportedDetector } from './scan-report.ts'

interface Weight {
  level: Result.level
  /** For code scanning, from 0 to 10: above 9 critical, from 7 high, from 4 medium. */
  severity: string
  precision: 'very-high' | 'high' | 'medium' | 'low'
}

const weights = {
  checksum: { level: 'error', severity: '9.5', precision: 'very-high' },
  structure: { level: 'error', severity: '9.1', precision: 'high' },
  shape: { level: 'warning', severity: '7.5', precision: 'medium' },
  words: { level: 'note', severity: '5.0', precision: 'low' },
} as const satisfies Record<string, Weight>

export function ruleOf(detector: ReportedDetector): ReportingDescriptor {
  const { level, severity, precision } = weightOf(detector)
  const name = `${detector.issuer} ${detector.kind}`
  const revoke =
    detector.revoke === undefined ? 'Have its issuer disable it.' : `To disable it: ${detector.revoke}.`
  return {
    id: detector.id,
    name: detector.id.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) =>
      first.toUpperCase(),
    ),
    shortDescription: message(name),
    fullDescription: message(`A credential: ${name}. Offline check: ${detector.checkKind}.`),
    ...(URL.canParse(detector.docs) ? { helpUri: detector.docs } : {}),
    help: message(`${revoke} Deleting it here is not enough: whoever has read it can go on using it.`),
    defaultConfiguration: { level },
    properties: {
      tags: ['security', 'external/cwe/cwe-798'],
      precision,
      'security-severity': severity,
      issuer: detector.issuer,
      kind: detector.kind,
      check: detector.checkKind,
    },
  }
}

/** For a detector that is not at hand, such as one from a file: what its finding says about it. */
export function detectorOfFinding(finding: FindingRecord): ReportedDetector {
  return {
    id: finding.detector,
    issuer: finding.issuer,
    kind: finding.kind,
    docs: '',
    checkKind: finding.check,
    gate: 'prefix',
  }
}

/** In a SARIF message braces stand for arguments and brackets for links, unless they are escaped. */
export function message(text: string): Message & { text: string } {
  return { text: text.replaceAll(/[[\]\\]/g, String.raw`\$&`).replaceAll(/[{}]/g, '$&$&') }
}

function weightOf(detector: ReportedDetector): Weight {
  if (detector.checkKind !== 'none') return weights[detector.checkKind]
  return detector.gate === 'words' || detector.gate === 'value' ? weights.words : weights.shape
}
