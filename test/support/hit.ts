/** Hits for tests; the values mean nothing to any detector. */
import type { Place } from '../../src/model/blob.ts'
import type { Hit } from '../../src/model/hit.ts'
import { Secret } from '../../src/model/secret.ts'

export function makeHit(value: string | Buffer, changes: Partial<Hit> = {}): Hit {
  const detector = changes.detector ?? 'made-up-token'
  return {
    detector,
    issuer: 'made-up',
    kind: 'token',
    secret: new Secret(Buffer.from(value), detector),
    redacted: 'made…',
    check: 'checksum',
    checkPassed: true,
    checkBits: 32,
    confidence: 'high',
    label: null,
    facts: {},
    span: { start_line: 1, start_column: 1, end_line: 1, end_column: 5, byte_start: 0, byte_end: 4 },
    decoding: [],
    ...changes,
  }
}

export function makePlace(path: string, changes: Partial<Place> = {}): Place {
  return { type: 'commit', repository: 'acme/app', path, commit_sha: 'a'.repeat(40), ...changes }
}
