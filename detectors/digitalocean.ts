/** DigitalOcean: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const digitalocean: readonly Detector[] = [
  prefixed({
    id: 'digitalocean-pat',
    issuer: 'DigitalOcean',
    kind: 'personal access token',
    docs: 'https://docs.digitalocean.com/reference/api/create-personal-access-token/',
    anchors: ['dop_v1_'],
    pattern: 'dop_v1_[0-9a-f]{64}',
    maxLength: 71,
    revoke: 'POST https://cloud.digitalocean.com/v1/oauth/revoke with the token; personal tokens: dashboard',
  }),
  prefixed({
    id: 'digitalocean-oauth-token',
    issuer: 'DigitalOcean',
    kind: 'OAuth access token',
    docs: 'https://docs.digitalocean.com/reference/api/create-personal-access-token/',
    anchors: ['doo_v1_'],
    pattern: 'doo_v1_[0-9a-f]{64}',
    maxLength: 71,
    revoke: 'POST https://cloud.digitalocean.com/v1/oauth/revoke with the token; personal tokens: dashboard',
  }),
  prefixed({
    id: 'digitalocean-refresh-token',
    issuer: 'DigitalOcean',
    kind: 'OAuth refresh token',
    docs: 'https://docs.digitalocean.com/reference/api/create-personal-access-token/',
    anchors: ['dor_v1_'],
    pattern: 'dor_v1_[0-9a-f]{64}',
    maxLength: 71,
    revoke: 'POST https://cloud.digitalocean.com/v1/oauth/revoke with the token; personal tokens: dashboard',
  }),
]
