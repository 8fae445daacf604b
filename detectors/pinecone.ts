/** Pinecone: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const pinecone: readonly Detector[] = [
  prefixed({
    id: 'pinecone-api-key',
    issuer: 'Pinecone',
    kind: 'API key',
    docs: 'https://docs.pinecone.io/guides/projects/manage-api-keys',
    anchors: ['pcsk_'],
    pattern: 'pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{63}',
    maxLength: 75,
    revoke: 'dashboard only',
  }),
]
