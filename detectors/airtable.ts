/** Airtable: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const airtable: readonly Detector[] = [
  prefixed({
    id: 'airtable-pat',
    issuer: 'Airtable',
    kind: 'personal access token',
    docs: 'https://airtable.com/developers/web/guides/personal-access-tokens',
    anchors: ['pat'],
    pattern: String.raw`pat[A-Za-z0-9]{14}\.[0-9a-f]{64}`,
    maxLength: 82,
    revoke: 'Airtable revokes on a partner report; else dashboard',
  }),
]
