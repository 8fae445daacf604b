/** Dynatrace: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const dynatrace: readonly Detector[] = [
  prefixed({
    id: 'dynatrace-token',
    issuer: 'Dynatrace',
    kind: 'token',
    docs: 'https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens',
    anchors: ['dt0c01.', 'dt0s01.', 'dt0s16.'],
    pattern: String.raw`dt0(?:c01|s01|s16)\.[A-Z0-9]{24}\.[A-Z0-9]{64}`,
    maxLength: 96,
    revoke: 'DELETE /api/v2/apiTokens/{public part}',
  }),
]
