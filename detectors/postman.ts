/** Postman: the first part is an object id, which begins with the time it was made. */
import type { Detector } from '../src/model/detector.ts'
import { hex } from './checks/alphabets.ts'
import { checkObjectId, mintObjectId } from './checks/dated-ids.ts'
import { letters } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const postman: readonly Detector[] = [
  prefixed({
    id: 'postman-api-key',
    issuer: 'Postman',
    kind: 'API key',
    docs: 'https://learning.postman.com/docs/developer/postman-api/authentication/',
    anchors: ['PMAK-'],
    pattern: 'PMAK-[0-9a-f]{24}-[0-9a-f]{34}',
    maxLength: 64,
    checkKind: 'structure',
    check: (secret, now) => checkObjectId(secret.toString('latin1', 5, 29), now),
    mint: (random) => `PMAK-${mintObjectId(random)}-${letters(random, hex, 34)}`,
    revoke: 'Postman revokes on a partner report; else dashboard',
  }),
]
