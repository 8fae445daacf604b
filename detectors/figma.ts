/** Figma: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const figma: readonly Detector[] = [
  prefixed({
    id: 'figma-pat',
    issuer: 'Figma',
    kind: 'personal access token',
    docs: 'https://developers.figma.com/docs/rest-api/authentication/',
    anchors: ['figd_'],
    pattern: 'figd_[A-Za-z0-9_-]{38,43}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 48,
    revoke: 'dashboard only',
  }),
]
