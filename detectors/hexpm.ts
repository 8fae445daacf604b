/** Hex.pm: a proposed form, whose check is therefore soft. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { crc32, hex8 } from './checks/crc.ts'
import { passed, softFailed } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const hexpm: readonly Detector[] = [
  prefixed({
    id: 'hexpm-api-key',
    issuer: 'Hex.pm',
    kind: 'API key (proposed)',
    docs: 'https://hex.pm/docs/publish',
    anchors: ['hex_'],
    pattern: 'hex_[0-9a-f]{40}',
    maxLength: 44,
    check: checkHexpm,
    mint: mintHexpm,
    revoke: 'dashboard only',
  }),
]

/** CRC-32 of the 16 decoded bytes, big-endian, in hex. */
function checkHexpm(secret: Buffer): CheckResult {
  const text = secret.toString('latin1', 4)
  return hex8(crc32(Buffer.from(text.slice(0, 32), 'hex'))) === text.slice(32) ? passed(32) : softFailed
}

function mintHexpm(random: Random): string {
  const bytes = randomBytes(random, 16)
  return `hex_${bytes.toString('hex')}${hex8(crc32(bytes))}`
}
