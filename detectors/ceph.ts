/** Ceph: a key states its type, when it was made and how long it is; format: `CryptoKey::encode` in Ceph's source. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

/** Little-endian: type 1 (AES), seconds and nanoseconds of its making, length 16, then the key. */
const length = 28
const keyLength = 16
/** 2006, when Ceph was first published. */
const earliest = 1_136_073_600

export const ceph: readonly Detector[] = [
  prefixed({
    id: 'ceph-key',
    issuer: 'Ceph',
    kind: 'key of a client or daemon',
    docs: 'https://docs.ceph.com/en/latest/rados/configuration/auth-config-ref/',
    anchors: ['AQ'],
    pattern: String.raw`AQ[A-Za-z0-9+/]{36}==`,
    notAfter: 'A-Za-z0-9+/=_-',
    maxLength: 40,
    checkKind: 'structure',
    check: checkKey,
    provenOnly: true,
    mint: mintKey,
    revoke: 'ceph auth rotate, or ceph auth del and ceph auth add',
  }),
]

/** Besides type and length, the time is one that was, and the nanoseconds are below a second. */
function checkKey(secret: Buffer, now: number): CheckResult {
  const bytes = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'full' })
  if (bytes?.length !== length) return verdict(false, 0)
  const seconds = bytes.readUInt32LE(2)
  const isKey =
    bytes.readUInt16LE(0) === 1 &&
    bytes.readUInt16LE(10) === keyLength &&
    seconds >= earliest &&
    seconds <= now / 1000 + 86_400 &&
    bytes.readUInt32LE(6) < 1e9
  return verdict(isKey, 24)
}

function mintKey(random: Random): string {
  const head = Buffer.alloc(length - keyLength)
  head.writeUInt16LE(1, 0)
  head.writeUInt32LE(1_700_000_000 + Math.floor(random() * 1e7), 2)
  head.writeUInt32LE(Math.floor(random() * 1e9), 6)
  head.writeUInt16LE(keyLength, 10)
  return Buffer.concat([head, randomBytes(random, keyLength)]).toString('base64')
}
