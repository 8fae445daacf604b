/** Sourcegraph: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const sourcegraph: readonly Detector[] = [
  prefixed({
    id: 'sourcegraph-token',
    issuer: 'Sourcegraph',
    kind: 'token',
    docs: 'https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token',
    anchors: ['sgp_'],
    pattern: 'sgp_(?:(?:[0-9a-f]{16}|local)_)?[0-9a-f]{40}',
    maxLength: 61,
    revoke: 'GraphQL deleteAccessToken',
  }),
]
