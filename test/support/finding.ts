/** Findings for tests of what prints and exports them; the values are made up. */
import type { FindingRecord, FoundPlace } from '../../src/model/finding.ts'

export function place(changes: Partial<FoundPlace> = {}): FoundPlace {
  return {
    type: 'file',
    path: 'config/app.env',
    start_line: 3,
    start_column: 7,
    end_line: 3,
    end_column: 47,
    byte_start: 60,
    byte_end: 100,
    ...changes,
  }
}

export function finding(changes: Partial<FindingRecord> = {}): FindingRecord {
  return {
    detector: 'acme-key',
    issuer: 'Acme',
    kind: 'API key',
    fingerprint: 'ab'.repeat(32),
    secret_redacted: 'acme…',
    check: 'checksum',
    check_passed: true,
    confidence: 'high',
    validity: 'unknown',
    label: null,
    places: [place()],
    ...changes,
  }
}
