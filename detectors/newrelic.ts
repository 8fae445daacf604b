/** New Relic: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { inside, prefixed } from './checks/shape.ts'

export const newrelic: readonly Detector[] = [
  prefixed({
    id: 'newrelic-user-key',
    issuer: 'New Relic',
    kind: 'user key',
    docs: 'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/',
    anchors: ['NRAK-'],
    pattern: 'NRAK-[A-Z0-9]{27}',
    maxLength: 32,
    revoke: 'NerdGraph apiAccessDeleteKeys',
  }),
  inside(
    {
      id: 'newrelic-license-key',
      issuer: 'New Relic',
      kind: 'license key',
      docs: 'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/',
      anchors: ['NRAL'],
      pattern: '[0-9a-z]{4,6}[0-9a-f]{30,32}NRAL',
      maxLength: 42,
      revoke: 'NerdGraph',
    },
    38,
  ),
]
