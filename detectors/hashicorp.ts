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
