/** WakaTime: a version-4 UUID behind a prefix. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'
import { uuidCheck, uuidMint } from './checks/uuid.ts'

export const wakatime: readonly Detector[] = [
  prefixed({
    id: 'wakatime-api-key',
    issuer: 'WakaTime',
    kind: 'API key',
    docs: 'https://wakatime.com/developers',
    anchors: ['waka_'],
    pattern: 'waka_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 41,
    checkKind: 'structure',
    check: uuidCheck(5),
    mint: uuidMint('waka_'),
    revoke: 'dashboard only',
  }),
]
