/** Twilio: hex digits behind two letters; the account's own token only beside the account. */
import type { Detector } from '../src/model/detector.ts'
import { hex } from './checks/alphabets.ts'
import { letters } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const twilio: readonly Detector[] = [
  prefixed({
    id: 'twilio-api-key',
    issuer: 'Twilio',
    kind: 'API key',
    docs: 'https://www.twilio.com/docs/iam/api-keys',
    anchors: ['SK'],
    pattern: 'SK[0-9a-f]{32}',
    maxLength: 34,
    minEntropy: 3,
    revoke: 'DELETE /2010-04-01/Accounts/{account}/Keys/{key}.json',
  }),
  prefixed({
    id: 'twilio-auth-token',
    issuer: 'Twilio',
    kind: 'auth token',
    docs: 'https://www.twilio.com/docs/iam/access-tokens',
    anchors: ['AC'],
    pattern: String.raw`AC[0-9a-f]{32}(?:[^A-Za-z0-9\n]|[^A-Za-z0-9\n][^\n]{0,78}?[^A-Za-z0-9\n])([0-9a-f]{32})`,
    gate: 'words',
    maxLength: 386,
    mint: (random) => `AC${letters(random, hex, 32)} and ${letters(random, hex, 32)}`,
    revoke: 'promote the secondary token',
  }),
]
