/** Dropbox: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const dropbox: readonly Detector[] = [
  prefixed({
    id: 'dropbox-access-token',
    issuer: 'Dropbox',
    kind: 'access token',
    docs: 'https://developers.dropbox.com/oauth-guide',
    anchors: ['sl.'],
    pattern: String.raw`sl\.(?:u\.)?[A-Za-z0-9_-]{130,1000}[A-Za-z0-9_-]{0,600}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 1610,
    minEntropy: 4,
    revoke: 'POST https://api.dropboxapi.com/2/auth/token/revoke with the token',
  }),
]
