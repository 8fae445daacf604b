/** HubSpot: a version-4 UUID behind a region. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'
import { uuidCheck, uuidMint } from './checks/uuid.ts'

export const hubspot: readonly Detector[] = [
  prefixed({
    id: 'hubspot-private-app-token',
    issuer: 'HubSpot',
    kind: 'private app token',
    docs: 'https://developers.hubspot.com/docs/guides/apps/private-apps/overview',
    anchors: ['pat-na', 'pat-eu', 'pat-ap'],
    pattern: 'pat-(?:na|eu|ap)[0-9]-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 44,
    checkKind: 'structure',
    check: uuidCheck(8),
    mint: uuidMint('pat-na1-'),
    revoke: 'HubSpot revokes on a partner report; else dashboard',
  }),
]
