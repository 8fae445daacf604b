/** Fly.io: a macaroon in MessagePack, read here to its last byte. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { messagePackMacaroon } from './checks/message-pack.ts'
import { verdict } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const fly: readonly Detector[] = [
  prefixed({
    id: 'fly-macaroon',
    issuer: 'Fly.io',
    kind: 'macaroon',
    docs: 'https://fly.io/docs/security/tokens/',
    anchors: ['fm2_', 'fm1r_', 'fm1a_'],
    pattern: 'fm(?:2|1r|1a)_[A-Za-z0-9+/]{80,1000}[A-Za-z0-9+/]{0,1000}={0,2}',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 2010,
    checkKind: 'structure',
    check: checkFly,
    mint: mintFly,
    revoke: 'flyctl tokens revoke {id}',
  }),
  prefixed({
    id: 'fly-oauth-token',
    issuer: 'Fly.io',
    kind: 'OAuth token',
    docs: 'https://fly.io/docs/security/tokens/',
    anchors: ['fo1_'],
    pattern: 'fo1_[A-Za-z0-9_-]{43}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 47,
    revoke: 'flyctl tokens revoke',
  }),
]

/** An array of four: nonce (array of three), location, caveats (of even length), a tail of 32 bytes; nothing after. */
function checkFly(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  const bytes = strictBase64(text.slice(text.indexOf('_') + 1), { alphabet: 'standard', padding: 'any' })
  return verdict(bytes !== null && messagePackMacaroon(bytes), 50)
}

function mintFly(random: Random): string {
  const nonce = Buffer.concat([
    Buffer.from([0x93, 0xc4, 16]),
    randomBytes(random, 16),
    Buffer.from([0xc4, 16]),
    randomBytes(random, 16),
    Buffer.from([0xc2]),
  ])
  const location = Buffer.concat([Buffer.from([0xd9, 21]), Buffer.from('https://api.fly.io/v1')])
  const tail = Buffer.concat([Buffer.from([0xc4, 32]), randomBytes(random, 32)])
  const caveats = Buffer.from([0x92, 0, 0x91, 7])
  return `fm2_${Buffer.concat([Buffer.from([0x94]), nonce, location, caveats, tail]).toString('base64')}`
}
