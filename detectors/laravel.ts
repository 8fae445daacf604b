/** Laravel: Sanctum tokens with a CRC-32 behind their number, and application keys of 16 or 32 bytes. */
import type { Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { bytesCheck } from './checks/bytes.ts'
import { crcCheck, crcHex, crcMint } from './checks/crc-tokens.ts'
import { between, randomBytes } from './checks/random.ts'
import { inside, prefixed } from './checks/shape.ts'

export const laravel: readonly Detector[] = [
  inside(
    {
      id: 'laravel-sanctum-token',
      issuer: 'Laravel',
      kind: 'Sanctum token',
      docs: 'https://laravel.com/docs/sanctum',
      anchors: ['0|', '1|', '2|', '3|', '4|', '5|', '6|', '7|', '8|', '9|'],
      pattern: String.raw`[0-9]{1,10}\|(?:[A-Za-z0-9]{1,16}_)?[A-Za-z0-9]{40}[0-9a-f]{8}`,
      maxLength: 76,
      check: (secret) => crcCheck(crcHex)(secret.subarray(-48)),
      mint: (random) => crcMint(crcHex, `${between(random, 1, 900)}|`, base62, 40)(random),
      revoke: 'in the application that issued it',
    },
    10,
  ),
  prefixed({
    id: 'laravel-app-key',
    issuer: 'Laravel',
    kind: 'APP_KEY',
    docs: 'https://laravel.com/docs/encryption',
    anchors: ['base64:'],
    pattern: 'base64:[A-Za-z0-9+/]{22,43}={1,2}',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 52,
    checkKind: 'structure',
    check: bytesCheck(7, [16, 32], { alphabet: 'standard', padding: 'full' }),
    mint: (random) => `base64:${randomBytes(random, 32).toString('base64')}`,
    revoke: 'php artisan key:generate',
  }),
]
