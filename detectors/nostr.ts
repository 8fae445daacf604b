/** Nostr: a private key in bech32. */
import type { Detector } from '../src/model/detector.ts'
import { decodeBech32, encodeBech32 } from './checks/bech32.ts'
import { verdict } from './checks/outcome.ts'
import { randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const nostr: readonly Detector[] = [
  prefixed({
    id: 'nostr-nsec',
    issuer: 'key material',
    kind: 'Nostr private key',
    docs: 'https://github.com/nostr-protocol/nips/blob/master/19.md',
    anchors: ['nsec1'],
    pattern: 'nsec1[02-9ac-hj-np-z]{58}',
    maxLength: 63,
    check: (secret) => verdict(decodeBech32(secret.toString('latin1'))?.bytes.length === 32, 30),
    mint: (random) => encodeBech32('nsec', randomBytes(random, 32)),
    revoke: 'none possible',
  }),
]
