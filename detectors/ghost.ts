/** Ghost: an ObjectId, which begins with the time it was made, and 32 bytes in hex. */
import type { Detector } from '../src/model/detector.ts'
import { hex } from './checks/alphabets.ts'
import { checkObjectId, mintObjectId } from './checks/dated-ids.ts'
import { letters } from './checks/random.ts'
import { valued } from './checks/shape.ts'

export const ghost: readonly Detector[] = [
  valued({
    id: 'ghost-admin-api-key',
    issuer: 'Ghost',
    kind: 'Admin API key',
    docs: 'https://docs.ghost.org/admin-api/#token-authentication',
    context: ['ghost'],
    pattern: '[0-9a-f]{24}:[0-9a-f]{64}',
    maxLength: 89,
    checkKind: 'structure',
    check: (secret, now) => checkObjectId(secret.toString('latin1', 0, 24), now),
    mint: (random) => `${mintObjectId(random)}:${letters(random, hex, 64)}`,
    revoke: 'dashboard only',
  }),
]
