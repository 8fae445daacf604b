/** Microsoft: application secrets, shared access signatures and keys without a sum. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { strictBase64 } from './checks/base64.ts'
import { failed, passedUntil } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { inside, prefixed } from './checks/shape.ts'

export const microsoftEntra: readonly Detector[] = [
  inside(
    {
      id: 'azure-ad-client-secret',
      issuer: 'Microsoft',
      kind: 'Entra ID application secret',
      docs: 'https://learn.microsoft.com/entra/identity-platform/quickstart-register-app',
      anchors: ['7Q~', '8Q~'],
      pattern: '[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}',
      notAfter: 'A-Za-z0-9_~.-',
      notBefore: 'A-Za-z0-9_~.-',
      maxLength: 40,
      minEntropy: 3.5,
      revoke: 'Graph POST /applications/{id}/removePassword by an owner',
    },
    3,
  ),
  prefixed({
    id: 'azure-sas-token',
    issuer: 'Microsoft',
    kind: 'storage shared access signature',
    docs: 'https://learn.microsoft.com/entra/identity-platform/quickstart-register-app',
    anchors: ['sv=20'],
    pattern: 'sv=20[0-9]{2}-[0-9]{2}-[0-9]{2}&[A-Za-z0-9%&=:._+/-]{10,600}?sig=[A-Za-z0-9%+/]{40,70}=?',
    notAfter: 'A-Za-z0-9%+/=',
    maxLength: 760,
    checkKind: 'structure',
    check: checkSas,
    mint: mintSas,
    revoke: 'rotate the account key or the stored access policy',
  }),
  prefixed({
    id: 'azure-legacy-storage-key',
    issuer: 'Microsoft',
    kind: 'storage, Cosmos DB or Batch key without a sum',
    docs: 'https://learn.microsoft.com/entra/identity-platform/quickstart-register-app',
    anchors: ['AccountKey', 'accountkey', 'account_key', 'ACCOUNT_KEY', 'accountKey'],
    gate: 'words',
    pattern: String.raw`(?:AccountKey|accountKey|accountkey|account_key|ACCOUNT_KEY)[^\n]{0,20}?([A-Za-z0-9+/]{86}==)`,
    notAfter: 'A-Za-z0-9+/=',
    maxLength: 179,
    yieldsTo: ['azure-storage-account-key', 'azure-cosmosdb-key', 'azure-batch-key'],
    mint: mintAccountKey,
    revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
  }),
]

/** Version, expiry, permissions and a signature of 32 bytes; the expiry says until when it works. */
function checkSas(secret: Buffer, now: number): CheckResult {
  const fields = new URLSearchParams(secret.toString('latin1').replaceAll('+', '%2B'))
  const signature = strictBase64(fields.get('sig') ?? '', { alphabet: 'standard', padding: 'full' })
  const expires = Date.parse(fields.get('se') ?? '')
  if (signature?.length !== 32 || !fields.get('sv') || !fields.get('sp') || Number.isNaN(expires))
    return failed
  return passedUntil(30, expires, now)
}

function mintSas(random: Random): string {
  const signature = encodeURIComponent(randomBytes(random, 32).toString('base64'))
  return `sv=2024-11-04&ss=b&srt=sco&sp=rl&se=2099-01-01T00%3A00%3A00Z&spr=https&sig=${signature}`
}

/** 64 random bytes. */
function mintAccountKey(random: Random): string {
  return `AccountKey=${randomBytes(random, 64).toString('base64')}`
}
