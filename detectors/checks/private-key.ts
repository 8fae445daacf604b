/**
 * Private keys tested for being one: the numbers inside must fit each other. RSA: n = p·q and e·d = 1 modulo
 * lcm(p-1, q-1) with fitting CRT members; EC and Ed25519: the public half belongs to the private one.
 * Sources: RFC 8017, 5915, 5958, 8410.
 */
import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto'
import { type DerNode, derElements, derEncode, derInteger, derSequence } from './der.ts'

/** Object identifiers in DER, as hex. */
const rsaEncryption = '2a864886f70d010101'
const ecPublicKey = '2a8648ce3d0201'
const ed25519 = '2b6570'
const x25519 = '2b656e'
const dsa = '2a8648ce380401'
const curves: Readonly<Record<string, string>> = {
  '2a8648ce3d030107': 'prime256v1',
  '2b81040022': 'secp384r1',
  '2b81040023': 'secp521r1',
  '2b8104000a': 'secp256k1',
}

/** The members of an RSA private key, as numbers. */
export interface RsaNumbers {
  n: bigint
  e: bigint
  d: bigint
  p: bigint
  q: bigint
  dp: bigint
  dq: bigint
  qi: bigint
}

/** True where the RSA numbers fit each other. */
export function rsaFits({ n, e, d, p, q, dp, dq, qi }: RsaNumbers): boolean {
  if (p < 3n || q < 3n || n !== p * q) return false
  const lambda = ((p - 1n) * (q - 1n)) / gcd(p - 1n, q - 1n)
  return (e * d) % lambda === 1n && dp === d % (p - 1n) && dq === d % (q - 1n) && (qi * q) % p === 1n
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b)
}

/** True for a PKCS#1 RSAPrivateKey. */
export function rsaKeyFits(der: Buffer): boolean {
  const fields = derSequence(der)
  if (fields?.length !== 9) return false
  const [version, n, e, d, p, q, dp, dq, qi] = fields.map((field) => derInteger(field) ?? -1n)
  if (version !== 0n || !n || !e || !d || !p || !q || !dp || !dq || !qi) return false
  return rsaFits({ n, e, d, p, q, dp, dq, qi })
}

/** True for an SEC 1 ECPrivateKey whose public point, where present, belongs to the scalar. */
export function ecKeyFits(der: Buffer, curveId?: string): boolean {
  const [version, scalar, ...rest] = derSequence(der) ?? []
  if (!version || derInteger(version) !== 1n || scalar?.tag !== 0x04) return false
  const named = rest.find((node) => node.tag === 0xa0)
  const id = curveId ?? derElements(named?.content ?? Buffer.alloc(0))?.[0]?.content.toString('hex')
  const point = derElements(rest.find((node) => node.tag === 0xa1)?.content ?? Buffer.alloc(0))?.[0]
  const curve = id === undefined ? undefined : curves[id]
  // A curve we cannot compute on: the structure has parsed to its end, which is all there is to test.
  if (!curve) return id !== undefined
  return ecPublic(curve, scalar.content, point?.content.subarray(1))
}

/** True where `point` (uncompressed or compressed), if given, is the public key of `scalar` on `curve`. */
export function ecPublic(curve: string, scalar: Buffer, point: Buffer | undefined): boolean {
  try {
    const pair = createECDH(curve)
    pair.setPrivateKey(scalar)
    if (!point) return true
    return pair.getPublicKey().equals(point) || pair.getPublicKey(null, 'compressed').equals(point)
  } catch {
    return false
  }
}

/** True for a PKCS#8 PrivateKeyInfo of a kind we know, with fitting numbers. */
export function pkcs8Fits(der: Buffer): boolean {
  const [version, algorithm, key] = derSequence(der) ?? []
  if (!version || derInteger(version) === null || algorithm?.tag !== 0x30 || key?.tag !== 0x04) return false
  const [oid, parameters] = derElements(algorithm.content) ?? []
  switch (oid?.content.toString('hex')) {
    case rsaEncryption:
      return rsaKeyFits(key.content)
    case ecPublicKey:
      return ecKeyFits(key.content, curveOf(parameters))
    case ed25519:
    case x25519:
      return key.content.length === 34 && key.content[0] === 0x04 && key.content[1] === 32
    case dsa:
      return derElements(key.content)?.length === 1
    default:
      return opensslReads(der)
  }
}

function curveOf(parameters: DerNode | undefined): string | undefined {
  return parameters?.tag === 0x06 ? parameters.content.toString('hex') : undefined
}

function opensslReads(der: Buffer): boolean {
  try {
    createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    return true
  } catch {
    return false
  }
}

/** PKCS#8 DER of the Ed25519 key with this seed of 32 bytes (RFC 8410). */
export function ed25519Pkcs8(seed: Buffer): Buffer {
  const algorithm = derEncode(0x30, derEncode(0x06, Buffer.from(ed25519, 'hex')))
  const key = derEncode(0x04, derEncode(0x04, seed))
  return derEncode(0x30, Buffer.concat([derEncode(0x02, Buffer.from([0])), algorithm, key]))
}

/** The 32-byte public key of an Ed25519 seed. */
export function ed25519Public(seed: Buffer): Buffer {
  const key = createPrivateKey({ key: ed25519Pkcs8(seed), format: 'der', type: 'pkcs8' })
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)
}

/** True for 64 bytes, the last 32 of which are the Ed25519 public key of the first 32. */
export function isEd25519Pair(bytes: Buffer | null): boolean {
  return bytes?.length === 64 && ed25519Public(bytes.subarray(0, 32)).equals(bytes.subarray(32))
}

/** The 64 bytes of the pair with this seed. */
export function mintEd25519Pair(seed: Buffer): Buffer {
  return Buffer.concat([seed, ed25519Public(seed)])
}
