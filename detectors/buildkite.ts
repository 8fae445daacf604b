/** Buildkite: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const buildkite: readonly Detector[] = [
  prefixed({
    id: 'buildkite-user-token',
    issuer: 'Buildkite',
    kind: 'API token',
    docs: 'https://buildkite.com/docs/apis/managing-api-tokens',
    anchors: ['bkua_'],
    pattern: 'bkua_[0-9a-f]{40}',
    maxLength: 45,
    revoke: 'DELETE https://api.buildkite.com/v2/access-token, Bearer, 204',
  }),
]
