/** Perplexity: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const perplexity: readonly Detector[] = [
  prefixed({
    id: 'perplexity-api-key',
    issuer: 'Perplexity',
    kind: 'API key',
    docs: 'https://docs.perplexity.ai/getting-started/quickstart',
    anchors: ['pplx-'],
    pattern: 'pplx-[A-Za-z0-9]{48}',
    maxLength: 53,
    revoke: 'dashboard only',
  }),
]
