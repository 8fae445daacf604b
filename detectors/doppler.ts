/** Doppler: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const doppler: readonly Detector[] = [
  prefixed({
    id: 'doppler-token',
    issuer: 'Doppler',
    kind: 'token',
    docs: 'https://docs.doppler.com/docs/service-tokens',
    anchors: ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    pattern: String.raw`dp\.(?:pt|ct|sa|scim|audit|st(?:\.[a-z0-9_-]{2,35})?)\.[A-Za-z0-9]{40,44}`,
    maxLength: 90,
    revoke: 'POST https://api.doppler.com/v3/auth/revoke, {"token":…}',
  }),
]
