/** HashiCorp: Vault's newer tokens are protocol buffers; the others have a shape alone. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62 } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { verdict } from './checks/outcome.ts'
import { protoBytes, protoNumber, readProto, writeProto } from './checks/protobuf.ts'
import { letters, type Random, randomBytes } from './checks/random.ts'
import { sample } from './checks/sample.ts'
import { inside, prefixed } from './checks/shape.ts'

export const hashicorp: readonly Detector[] = [
  prefixed({
    id: 'vault-service-token',
    issuer: 'HashiCorp',
    kind: 'Vault service token (1.10 and later, with server-side consistent tokens)',
    docs: 'https://developer.hashicorp.com/vault/docs/concepts/tokens',
    anchors: ['hvs.CAES'],
    pattern: String.raw`hvs\.CAES[A-Za-z0-9_-]{80,300}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 308,
    checkKind: 'structure',
    check: checkVault,
    mint: mintVault,
    revoke: 'POST /v1/auth/token/revoke-self, header X-Vault-Token: the token, 204',
  }),
  prefixed({
    id: 'vault-service-token-short',
    issuer: 'HashiCorp',
    kind: 'Vault service token, short',
    docs: 'https://developer.hashicorp.com/vault/docs/concepts/tokens',
    anchors: ['hvs.'],
    pattern: String.raw`hvs\.[A-Za-z0-9_-]{24}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 28,
    revoke: 'POST /v1/auth/token/revoke-self, header X-Vault-Token: the token, 204',
  }),
  prefixed({
    id: 'vault-batch-token',
    issuer: 'HashiCorp',
    kind: 'Vault batch token',
    docs: 'https://developer.hashicorp.com/vault/docs/concepts/tokens',
    anchors: ['hvb.AAAAAQ'],
    pattern: String.raw`hvb\.AAAAAQ[A-Za-z0-9_-]{130,300}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 310,
    revoke: 'cannot be revoked',
  }),
  prefixed({
    id: 'vault-token-legacy',
    issuer: 'HashiCorp',
    kind: 'Vault token before 1.10',
    docs: 'https://developer.hashicorp.com/vault/docs/concepts/tokens',
    anchors: ['vault', 'VAULT', 'Vault'],
    gate: 'words',
    pattern: String.raw`(?:vault|VAULT|Vault)[^\n]{0,40}?\b(s\.[A-Za-z0-9]{24})`,
    notBefore: '',
    maxLength: 191,
    mint: (random) => `vault_token=${sample(String.raw`s\.[A-Za-z0-9]{24}`, random)}`,
    revoke: 'POST /v1/auth/token/revoke-self, header X-Vault-Token: the token, 204',
  }),
  prefixed({
    id: 'vault-unseal-key',
    issuer: 'HashiCorp',
    kind: 'share of the key that unseals a Vault',
    docs: 'https://developer.hashicorp.com/vault/docs/concepts/seal',
    anchors: ['Unseal Key ', 'Recovery Key ', 'operator unseal '],
    gate: 'words',
    pattern: String.raw`(?:(?:Unseal|Recovery) Key \d{1,2}(?: \(hex\))?: {0,4}|operator unseal )([0-9a-f]{66}|[A-Za-z0-9+/]{44})`,
    notAfter: 'A-Za-z0-9+/=_-',
    maxLength: 100,
    checkKind: 'structure',
    check: checkShare,
    manualOnly: true,
    mint: (random) => `Unseal Key 1: ${randomBytes(random, 33).toString('base64')}`,
    revoke: 'vault operator rekey',
  }),
  prefixed({
    id: 'gossip-encryption-key',
    issuer: 'HashiCorp',
    kind: 'key of the gossip of Consul, Nomad or Serf',
    docs: 'https://developer.hashicorp.com/consul/docs/secure/encryption/gossip/enable',
    anchors: ['encrypt ', 'encrypt=', 'encrypt":', 'encrypt\\":'],
    ahead: { over: ' =:\t\\', until: '"', within: 50 },
    gate: 'words',
    pattern: String.raw`encrypt\\{0,3}"?[ \t]{0,20}[=:][ \t]{0,20}\\{0,3}"([A-Za-z0-9+/]{22,43}={0,2})\\{0,3}"`,
    notAfter: '',
    maxLength: 120,
    checkKind: 'structure',
    check: checkGossip,
    provenOnly: true,
    manualOnly: true,
    mint: (random) => `encrypt = "${randomBytes(random, 32).toString('base64')}"`,
    revoke: 'consul keyring -install, -use and -remove; nomad operator gossip keyring likewise',
  }),
  inside(
    {
      id: 'terraform-cloud-token',
      issuer: 'HashiCorp',
      kind: 'HCP Terraform token',
      docs: 'https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens',
      anchors: ['.atlasv1.'],
      pattern: String.raw`[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9=_-]{60,70}`,
      notAfter: 'A-Za-z0-9_-',
      maxLength: 93,
      revoke: 'DELETE /api/v2/authentication-tokens/{id}',
    },
    14,
  ),
]

/** A share of a key of 32 bytes has one byte more, its number: Shamir's scheme, as Vault's `shamir` package splits it. */
function checkShare(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  const hex = /^[0-9a-f]{66}$/.test(text)
  const bytes = hex ? Buffer.from(text, 'hex') : strictBase64(text, { alphabet: 'standard', padding: 'full' })
  return verdict(bytes?.length === 33, 8)
}

/** A key of AES-128, 192 or 256, which all members of a cluster share. */
function checkGossip(secret: Buffer): CheckResult {
  const bytes = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'full' })
  return verdict(bytes !== null && [16, 24, 32].includes(bytes.length) && new Set(bytes).size > 8, 8)
}

/** {1: 1, 2: 32 bytes, 3: {1: inner token, 2: index, 3: epoch}}, read to its end. */
function checkVault(secret: Buffer): CheckResult {
  const fields = readProto(strictBase64(secret.toString('latin1', 4)) ?? Buffer.from([0]))
  const inner = readProto(protoBytes(fields, 3) ?? Buffer.from([0]))
  const token = protoBytes(inner, 1)?.toString('latin1') ?? ''
  const sealed = protoNumber(fields, 1) === 1n && protoBytes(fields, 2)?.length === 32
  return verdict(sealed && /^hvs\.[A-Za-z0-9]{24}(?:\.[A-Za-z0-9]+)?$/.test(token), 60)
}

function mintVault(random: Random): string {
  const inner = writeProto([
    { number: 1, value: Buffer.from(`hvs.${letters(random, base62, 24)}`) },
    { number: 2, value: 100 },
  ])
  const fields = [
    { number: 1, value: 1 },
    { number: 2, value: randomBytes(random, 32) },
    { number: 3, value: inner },
  ]
  return `hvs.${writeProto(fields).toString('base64url')}`
}
