/** PlanetScale: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const planetscale: readonly Detector[] = [
  prefixed({
    id: 'planetscale-service-token',
    issuer: 'PlanetScale',
    kind: 'service token',
    docs: 'https://planetscale.com/docs/concepts/service-tokens',
    anchors: ['pscale_tkn_'],
    pattern: 'pscale_tkn_[A-Za-z0-9=_.-]{32,64}',
    notAfter: 'A-Za-z0-9_=-',
    maxLength: 78,
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'planetscale-oauth-token',
    issuer: 'PlanetScale',
    kind: 'OAuth token',
    docs: 'https://planetscale.com/docs/concepts/service-tokens',
    anchors: ['pscale_oauth_'],
    pattern: 'pscale_oauth_[A-Za-z0-9=_.-]{32,64}',
    notAfter: 'A-Za-z0-9_=-',
    maxLength: 78,
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'planetscale-password',
    issuer: 'PlanetScale',
    kind: 'password',
    docs: 'https://planetscale.com/docs/concepts/service-tokens',
    anchors: ['pscale_pw_'],
    pattern: 'pscale_pw_[A-Za-z0-9=_.-]{32,64}',
    notAfter: 'A-Za-z0-9_=-',
    maxLength: 78,
    revoke: 'dashboard only',
  }),
]
