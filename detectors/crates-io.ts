/** crates.io: a short prefix and nothing to test. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const cratesIo: readonly Detector[] = [
  prefixed({
    id: 'crates-io-token',
    issuer: 'crates.io',
    kind: 'API token',
    docs: 'https://doc.rust-lang.org/cargo/reference/publishing.html',
    anchors: ['cio'],
    pattern: 'cio[A-Za-z0-9]{32}',
    maxLength: 35,
    minEntropy: 3.5,
    revoke: 'DELETE https://crates.io/api/v1/tokens/current, Authorization: the token, 204',
  }),
]
