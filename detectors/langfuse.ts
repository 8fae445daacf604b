/** Langfuse: a version-4 UUID behind a prefix. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'
import { uuidCheck, uuidMint } from './checks/uuid.ts'

export const langfuse: readonly Detector[] = [
  prefixed({
    id: 'langfuse-secret-key',
    issuer: 'Langfuse',
    kind: 'API key',
    docs: 'https://langfuse.com/docs/api',
    anchors: ['sk-lf-'],
    pattern: 'sk-lf-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 42,
    checkKind: 'structure',
    check: uuidCheck(6),
    mint: uuidMint('sk-lf-'),
    revoke: 'dashboard only',
  }),
]
