/** Docker: Hub tokens, swarm secrets, and the logins in its configuration file. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base36, decodeNumber, encodeNumber } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { bytesCheck, bytesMint } from './checks/bytes.ts'
import { verdict } from './checks/outcome.ts'
import { letters, type Random, randomBytes } from './checks/random.ts'
import { prefixed, valued } from './checks/shape.ts'

export const docker: readonly Detector[] = [
  prefixed({
    id: 'docker-hub-pat',
    issuer: 'Docker',
    kind: 'Hub personal access token',
    docs: 'https://docs.docker.com/security/access-tokens/',
    anchors: ['dckr_pat_'],
    pattern: 'dckr_pat_[A-Za-z0-9_-]{27}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 36,
    checkKind: 'structure',
    check: bytesCheck(9, [20]),
    mint: bytesMint('dckr_pat_', 20),
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'docker-hub-oat',
    issuer: 'Docker',
    kind: 'Hub organisation access token',
    docs: 'https://docs.docker.com/security/access-tokens/',
    anchors: ['dckr_oat_'],
    pattern: 'dckr_oat_[A-Za-z0-9_-]{32}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 41,
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'docker-swarm-join-token',
    issuer: 'Docker',
    kind: 'swarm join token',
    docs: 'https://docs.docker.com/security/access-tokens/',
    anchors: ['SWMTKN-1-'],
    pattern: 'SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}',
    maxLength: 85,
    checkKind: 'structure',
    check: checkJoin,
    mint: mintJoin,
    revoke: 'docker swarm join-token --rotate',
  }),
  prefixed({
    id: 'docker-swarm-unlock-key',
    issuer: 'Docker',
    kind: 'swarm unlock key',
    docs: 'https://docs.docker.com/security/access-tokens/',
    anchors: ['SWMKEY-1-'],
    pattern: 'SWMKEY-1-[A-Za-z0-9+/]{43}',
    notAfter: 'A-Za-z0-9+/=_',
    maxLength: 52,
    revoke: 'docker swarm unlock-key --rotate',
  }),
  valued({
    id: 'dockerconfig-auth',
    issuer: 'Docker',
    kind: "login in the client's configuration file",
    docs: 'https://docs.docker.com/security/access-tokens/',
    context: ['"auth"'],
    contextWithin: 40,
    pattern: '[A-Za-z0-9+/]{16,680}={0,2}',
    notAfter: 'A-Za-z0-9+/=_',
    notBefore: 'A-Za-z0-9+/',
    maxLength: 690,
    checkKind: 'structure',
    check: checkLogin,
    mint: mintLogin,
    revoke: 'as the password inside',
  }),
]

/** Two numbers in base36, below 2^256 and 2^128: widths leave about 2.5 and 1.2 bits to test. */
function checkJoin(secret: Buffer): CheckResult {
  const [first, second] = secret.toString('latin1', 9).split('-')
  const [root, key] = [decodeNumber(first ?? '', base36), decodeNumber(second ?? '', base36)]
  return verdict(root !== null && key !== null && root < 2n ** 256n && key < 2n ** 128n, 3)
}

function mintJoin(random: Random): string {
  const part = (bytes: number, width: number) =>
    encodeNumber(BigInt(`0x${randomBytes(random, bytes).toString('hex')}`), base36, width)
  return `SWMTKN-1-${part(32, 50)}-${part(16, 25)}`
}

/** Printable text with one colon and something on both sides of it. */
function checkLogin(secret: Buffer): CheckResult {
  const text = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'any' })?.toString(
    'latin1',
  )
  return verdict(text !== undefined && /^[\x20-\x39\x3b-\x7e]+:[\x20-\x39\x3b-\x7e]+$/.test(text), 14)
}

function mintLogin(random: Random): string {
  return Buffer.from(`deploy:${letters(random, base36, 17)}`).toString('base64')
}
