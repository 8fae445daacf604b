/** Neptune.ai: base64 JSON with an address and a UUID. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base64Json } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { type Random, uuid4 } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'
import { isUuid } from './checks/uuid.ts'

export const neptune: readonly Detector[] = [
  prefixed({
    id: 'neptune-api-token',
    issuer: 'Neptune.ai',
    kind: 'API token',
    docs: 'https://docs.neptune.ai/api/neptune/#neptune_api_token',
    anchors: ['eyJhcGlfYWRkcmVzcyI6'],
    pattern: 'eyJhcGlfYWRkcmVzcyI6[A-Za-z0-9+/]{80,300}={0,2}',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 322,
    checkKind: 'structure',
    check: checkNeptune,
    mint: mintNeptune,
    revoke: 'dashboard only',
  }),
]

function checkNeptune(secret: Buffer): CheckResult {
  const json = base64Json(secret.toString('latin1'), { alphabet: 'standard', padding: 'any' })
  const address = json?.['api_address']
  return verdict(typeof address === 'string' && address.startsWith('http') && isUuid(json?.['api_key']), 60)
}

function mintNeptune(random: Random): string {
  const json = {
    api_address: 'https://app.neptune.ai',
    api_url: 'https://app.neptune.ai',
    api_key: uuid4(random),
  }
  return Buffer.from(JSON.stringify(json)).toString('base64')
}
