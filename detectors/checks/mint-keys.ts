/** Made-up key files. Ed25519 and P-256 alone: their private half is any number, so a seed gives the same key again. */
import { createECDH } from 'node:crypto'
import { derEncode } from './der.ts'
import { ed25519Pkcs8, ed25519Public } from './private-key.ts'
import { type Random, randomBytes } from './random.ts'

function armour(label: string, body: Buffer, width: number): string {
  const lines = body.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n')
}

/** A P-256 key in SEC 1 form, or an Ed25519 key in PKCS#8. */
export function mintPem(random: Random): string {
  if (random() < 0.5) return armour('PRIVATE KEY', ed25519Pkcs8(randomBytes(random, 32)), 64)
  const pair = createECDH('prime256v1')
  const scalar = randomBytes(random, 32)
  // Keeps the scalar below the group order, which begins FFFFFFFF00.
  scalar[0] = (scalar[0] ?? 0) & 0x7f
  pair.setPrivateKey(scalar)
  const point = Buffer.concat([Buffer.from([0]), pair.getPublicKey()])
  const curve = derEncode(0xa0, derEncode(0x06, Buffer.from('2a8648ce3d030107', 'hex')))
  const fields = [
    derEncode(0x02, Buffer.from([1])),
    derEncode(0x04, scalar),
    curve,
    derEncode(0xa1, derEncode(0x03, point)),
  ]
  return armour('EC PRIVATE KEY', derEncode(0x30, Buffer.concat(fields)), 64)
}

/** An unencrypted Ed25519 key file of OpenSSH. */
export function mintOpenssh(random: Random): string {
  const text = (value: string | Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(value.length)
    return Buffer.concat([length, Buffer.from(value)])
  }
  const number = (value: number) => Buffer.from([0, 0, 0, value])
  const seed = randomBytes(random, 32)
  const half = ed25519Public(seed)
  const check = randomBytes(random, 4)
  const type = text('ssh-ed25519')
  const inner = Buffer.concat([
    check,
    check,
    type,
    text(half),
    text(Buffer.concat([seed, half])),
    text('deploy'),
  ])
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, i) => i + 1))
  const head = [Buffer.from('openssh-key-v1\0'), text('none'), text('none'), text(''), number(1)]
  const body = [text(Buffer.concat([type, text(half)])), text(Buffer.concat([inner, padding]))]
  return armour('OPENSSH PRIVATE KEY', Buffer.concat([...head, ...body]), 70)
}
