/** LaunchDarkly: a version-4 UUID behind a prefix. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'
import { uuidCheck, uuidMint } from './checks/uuid.ts'

export const launchdarkly: readonly Detector[] = [
  prefixed({
    id: 'launchdarkly-sdk-key',
    issuer: 'LaunchDarkly',
    kind: 'server SDK key',
    docs: 'https://launchdarkly.com/docs/home/account/environment/keys',
    anchors: ['sdk-'],
    pattern: 'sdk-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 40,
    checkKind: 'structure',
    check: uuidCheck(4),
    mint: uuidMint('sdk-'),
    revoke: 'reset the key in the environment',
  }),
]
