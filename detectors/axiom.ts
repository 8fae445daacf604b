/** Axiom: a version-4 UUID behind a prefix. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'
import { uuidCheck, uuidMint } from './checks/uuid.ts'

export const axiom: readonly Detector[] = [
  prefixed({
    id: 'axiom-api-token',
    issuer: 'Axiom',
    kind: 'token',
    docs: 'https://axiom.co/docs/reference/tokens',
    anchors: ['xaat-', 'xapt-'],
    pattern: 'xa[ap]t-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 41,
    checkKind: 'structure',
    check: uuidCheck(5),
    mint: uuidMint('xaat-'),
    revoke: 'dashboard only',
  }),
]
