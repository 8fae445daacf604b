/** Grafana: service account tokens with a CRC-32, and two kinds of base64 JSON. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { base64Json } from './checks/base64.ts'
import { crc32, hex8LittleEndian } from './checks/crc.ts'
import { verdict } from './checks/outcome.ts'
import { between, letters, type Random } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const grafana: readonly Detector[] = [
  prefixed({
    id: 'grafana-service-account-token',
    issuer: 'Grafana',
    kind: 'service account token',
    docs: 'https://grafana.com/docs/grafana/latest/administration/service-accounts/',
    anchors: ['glsa_'],
    pattern: 'glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}',
    maxLength: 46,
    check: (secret) =>
      verdict(serviceSum(secret.toString('latin1', 0, 37)) === secret.toString('latin1', 38), 32),
    revoke: 'DELETE /api/serviceaccounts/{id}/tokens/{id}',
    mint: mintService,
  }),
  prefixed({
    id: 'grafana-cloud-token',
    issuer: 'Grafana',
    kind: 'Cloud access policy token',
    docs: 'https://grafana.com/docs/grafana-cloud/account-management/authentication-and-permissions/access-policies/',
    anchors: ['glc_eyJ'],
    pattern: 'glc_eyJ[A-Za-z0-9+/]{40,400}={0,2}',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 412,
    checkKind: 'structure',
    check: (secret) => checkJson(secret.toString('latin1', 4), ['o', 'n', 'k', 'm']),
    revoke: 'DELETE https://www.grafana.com/api/v1/tokens/{id}',
    mint: (random) =>
      `glc_${mintJson({ o: String(between(random, 100_000, 999_999)), n: 'stack-reader', k: letters(random, base62, 24), m: { r: 'eu' } })}`,
  }),
  prefixed({
    id: 'grafana-api-key-legacy',
    issuer: 'Grafana',
    kind: 'API key (ended)',
    docs: 'https://grafana.com/docs/grafana/latest/administration/api-keys/',
    anchors: ['eyJrIjoi'],
    pattern: 'eyJrIjoi[A-Za-z0-9+/]{60,400}={0,2}',
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 412,
    checkKind: 'structure',
    check: (secret) => checkJson(secret.toString('latin1'), ['k', 'n', 'id']),
    revoke: 'DELETE /api/auth/keys/{id}',
    mint: (random) => mintJson({ k: letters(random, base62, 32), n: 'deploy', id: between(random, 1, 9) }),
  }),
]

/** CRC-32 of `glsa_` and the 32 characters, as its four little-endian bytes in hex. */
function serviceSum(head: string): string {
  return hex8LittleEndian(crc32(head))
}

function mintService(random: Random): string {
  const head = `glsa_${letters(random, base62, 32)}`
  return `${head}_${serviceSum(head)}`
}

function checkJson(text: string, members: readonly string[]): CheckResult {
  const json = base64Json(text, { alphabet: 'standard', padding: 'any' })
  return verdict(json !== null && members.every((member) => json[member] !== undefined), 40)
}

function mintJson(value: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}
