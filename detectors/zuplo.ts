/** Zuplo: a CRC-32 in hex after a second underscore. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { crc32, hex8 } from './checks/crc.ts'
import { verdict } from './checks/outcome.ts'
import { type Random, uuid4 } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const zuplo: readonly Detector[] = [
  prefixed({
    id: 'zuplo-api-key',
    issuer: 'Zuplo',
    kind: 'API key',
    docs: 'https://zuplo.com/docs/articles/api-key-leak-detection',
    anchors: ['zpka_'],
    pattern: 'zpka_[0-9a-z]{32}_[0-9a-f]{8}',
    maxLength: 46,
    check: checkKey,
    mint: mintKey,
    revoke: 'DELETE the key by the Zuplo API',
  }),
]

/** The underscore is not part of what is summed. */
function checkKey(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  return verdict(hex8(crc32(text.slice(5, 37))) === text.slice(38), 32)
}

function mintKey(random: Random): string {
  const body = uuid4(random).replaceAll('-', '')
  return `zpka_${body}_${hex8(crc32(body))}`
}
