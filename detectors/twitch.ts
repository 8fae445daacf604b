/** Twitch: lower-case letters and digits behind a word. */
import type { Detector } from '../src/model/detector.ts'
import { base36 } from './checks/alphabets.ts'
import { letters } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const twitch: readonly Detector[] = [
  prefixed({
    id: 'twitch-oauth-token',
    issuer: 'Twitch',
    kind: 'OAuth token',
    docs: 'https://dev.twitch.tv/docs/authentication/',
    anchors: ['oauth:', 'twitch', 'Twitch', 'TWITCH'],
    pattern: String.raw`(?:oauth:|(?i:twitch)[^\n]{0,39}?[^A-Za-z0-9\n])([a-z0-9]{30})`,
    gate: 'words',
    maxLength: 196,
    minEntropy: 3.5,
    mint: (random) => `oauth:${letters(random, base36, 29)}7`,
    revoke: 'POST https://id.twitch.tv/oauth2/revoke with client id and token',
  }),
]
