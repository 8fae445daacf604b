/** Netlify: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const netlify: readonly Detector[] = [
  prefixed({
    id: 'netlify-token',
    issuer: 'Netlify',
    kind: 'personal token',
    docs: 'https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/',
    anchors: ['nfp_'],
    pattern: 'nfp_[A-Za-z0-9]{36}',
    maxLength: 40,
    revoke: 'dashboard only',
  }),
]
