/** Bitcoin: single private keys (WIF) and extended ones (BIP-32) in base58check. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { decodeBase58Check, encodeBase58Check } from './checks/base58.ts'
import { failed, verdict } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { isSecp256k1Scalar } from './checks/secp256k1.ts'
import { prefixed, valued } from './checks/shape.ts'

export const bitcoin: readonly Detector[] = [
  valued({
    id: 'bitcoin-wif',
    issuer: 'key material',
    kind: 'Bitcoin private key (WIF)',
    docs: 'https://en.bitcoin.it/wiki/Wallet_import_format',
    context: ['priv', 'wif', 'key'],
    pattern: '[5KL9c][1-9A-HJ-NP-Za-km-z]{50,51}',
    maxLength: 52,
    check: checkWif,
    mint: mintWif,
    revoke: 'move the funds',
  }),
  prefixed({
    id: 'bip32-extended-private-key',
    issuer: 'key material',
    kind: 'extended private key (BIP-32)',
    docs: 'https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki',
    anchors: ['xprv', 'tprv', 'yprv', 'zprv', 'uprv', 'vprv'],
    pattern: '[xtyzuv]prv[1-9A-HJ-NP-Za-km-z]{107}',
    maxLength: 111,
    check: checkExtended,
    mint: mintExtended,
    revoke: 'move the funds',
  }),
]

/** A version of the main or the test network, the scalar, and 01 where its public key is compressed. */
function checkWif(secret: Buffer): CheckResult {
  const bytes = decodeBase58Check(secret.toString('latin1'))
  if (!bytes || (bytes[0] !== 0x80 && bytes[0] !== 0xef)) return failed
  const fits = bytes.length === 33 || (bytes.length === 34 && bytes[33] === 1)
  return verdict(fits && isSecp256k1Scalar(bytes.subarray(1, 33)), 40)
}

function mintWif(random: Random): string {
  const scalar = randomBytes(random, 32)
  scalar[0] = (scalar[0] ?? 0) & 0x7f
  return encodeBase58Check(Buffer.concat([Buffer.from([0x80]), scalar, Buffer.from([1])]))
}

const privateVersions = [0x0488ade4, 0x04358394, 0x049d7878, 0x04b2430c, 0x044a4e28, 0x045f18bc]

/** Version, depth, fingerprint of the parent, index, chain code, 00 and the scalar. */
function checkExtended(secret: Buffer): CheckResult {
  const bytes = decodeBase58Check(secret.toString('latin1'))
  if (bytes?.length !== 78 || !privateVersions.includes(bytes.readUInt32BE(0)) || bytes[45] !== 0)
    return failed
  const root = bytes[4] === 0
  if (root && bytes.subarray(5, 13).some((byte) => byte !== 0)) return failed
  return verdict(isSecp256k1Scalar(bytes.subarray(46)), 40)
}

function mintExtended(random: Random): string {
  const bytes = Buffer.concat([Buffer.alloc(13), randomBytes(random, 65)])
  bytes.writeUInt32BE(0x0488ade4, 0)
  bytes[45] = 0
  bytes[46] = (bytes[46] ?? 0) & 0x7f
  return encodeBase58Check(bytes)
}
