/** Microsoft: keys of the second identifiable form, common annotated keys, and the forms before them. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { encodeBase32, strictBase32 } from './checks/base64.ts'
import { checkCask, mintCask } from './checks/cask.ts'
import { crc32 } from './checks/crc.ts'
import { checkHisV2, mintHisV2 } from './checks/his.ts'
import { verdict } from './checks/outcome.ts'
import { type Random, randomBytes } from './checks/random.ts'
import { inside, prefixed, valued } from './checks/shape.ts'

export const microsoft: readonly Detector[] = [
  inside(
    {
      id: 'azure-devops-pat',
      issuer: 'Microsoft',
      kind: 'DevOps personal access token',
      docs: 'https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate',
      anchors: ['AZDO'],
      pattern:
        '[A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9][A-L][A-Za-z0-9]{16}AZDO(?:[A-Za-z0-9]{6}==|[A-Za-z0-9]{4})',
      notAfter: 'A-Za-z0-9+/=_',
      maxLength: 88,
      check: checkHisV2,
      mint: mintHisV2('AZDO'),
      revoke:
        'DELETE https://vssps.dev.azure.com/{org}/_apis/tokens/pats?authorizationId=… with an Entra token; else dashboard',
    },
    76,
  ),
  inside(
    {
      id: 'azure-ai-services-key',
      issuer: 'Microsoft',
      kind: 'Azure OpenAI / AI services key',
      docs: 'https://learn.microsoft.com/purview/sit-defn-azure-devops-personal-access-token',
      anchors: ['ACOG'],
      pattern:
        '[A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9][A-L][A-Za-z0-9]{12}AAA[A-Za-z0-9]ACOG(?:[A-Za-z0-9]{6}==|[A-Za-z0-9]{4})',
      notAfter: 'A-Za-z0-9+/=_',
      maxLength: 88,
      check: checkHisV2,
      mint: mintHisV2('ACOG', 'AAAB'),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    76,
  ),
  inside(
    {
      id: 'azure-appconfig-key',
      issuer: 'Microsoft',
      kind: 'App Configuration key',
      docs: 'https://learn.microsoft.com/purview/sit-defn-azure-devops-personal-access-token',
      anchors: ['AZAC'],
      pattern:
        '[A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9][A-L][A-Za-z0-9]{16}AZAC(?:[A-Za-z0-9]{6}==|[A-Za-z0-9]{4})',
      notAfter: 'A-Za-z0-9+/=_',
      maxLength: 88,
      check: checkHisV2,
      mint: mintHisV2('AZAC'),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    76,
  ),
  inside(
    {
      id: 'nuget-api-key-v5',
      issuer: 'NuGet',
      kind: 'API key v5',
      docs: 'https://learn.microsoft.com/nuget/nuget-org/publish-a-package',
      anchors: ['NUGT'],
      pattern:
        '[A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9][A-L][A-Za-z0-9]{16}NUGT(?:[A-Za-z0-9]{6}==|[A-Za-z0-9]{4})',
      notAfter: 'A-Za-z0-9+/=_',
      maxLength: 88,
      check: checkHisV2,
      mint: mintHisV2('NUGT'),
      revoke: 'NuGet.org revokes on a partner report; else dashboard',
    },
    76,
  ),
  inside(
    {
      id: 'azure-cask-legacy-key',
      issuer: 'Microsoft',
      kind: 'key in the second identifiable form',
      docs: 'https://learn.microsoft.com/purview/sit-defn-azure-devops-personal-access-token',
      anchors: ['JQQJ9'],
      pattern:
        '[A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9][A-L][A-Za-z0-9]{16}[A-Za-z][A-Za-z0-9]{3}(?:[A-Za-z0-9]{6}==|[A-Za-z0-9]{4})',
      notAfter: 'A-Za-z0-9+/=_',
      maxLength: 88,
      yieldsTo: ['azure-devops-pat', 'azure-ai-services-key', 'azure-appconfig-key', 'nuget-api-key-v5'],
      check: checkHisV2,
      mint: mintHisV2('AZCS'),
      revoke: 'Azure: regenerate the key (portal, az … keys renew, ARM regenerateKey)',
    },
    52,
  ),
  prefixed({
    id: 'nuget-api-key',
    issuer: 'NuGet',
    kind: 'API key v4',
    docs: 'https://learn.microsoft.com/nuget/nuget-org/publish-a-package',
    anchors: ['oy2'],
    pattern: 'oy2[a-z2-7]{43}',
    maxLength: 46,
    checkKind: 'structure',
    check: checkNuget,
    mint: mintNuget,
    revoke: 'NuGet.org revokes on a partner report; else dashboard',
  }),
  inside(
    {
      id: 'microsoft-cask-key',
      issuer: 'Microsoft',
      kind: 'common annotated security key (2025)',
      docs: 'https://learn.microsoft.com/purview/sit-defn-azure-devops-personal-access-token',
      anchors: ['QJJQA'],
      pattern: '[A-Za-z0-9_-]{44,88}QJJQA[BC][A-K][A-Za-z0-9_-]{10,70}',
      notAfter: 'A-Za-z0-9_-',
      notBefore: 'A-Za-z0-9_-',
      maxLength: 180,
      checkKind: 'structure',
      check: checkCask,
      mint: mintCask,
      revoke: 'depends on the service',
    },
    88,
  ),
  valued({
    id: 'azure-devops-pat-legacy',
    issuer: 'Microsoft',
    kind: 'DevOps personal access token, old form',
    docs: 'https://learn.microsoft.com/purview/sit-defn-azure-devops-personal-access-token',
    context: [
      'dev.azure',
      'visualstudio',
      'azure_devops',
      'azure-devops',
      'azure devops',
      'system_accesstoken',
      'devops',
    ],
    pattern: '[a-z2-7]{52}',
    maxLength: 52,
    check: checkDevopsLegacy,
    mint: mintDevopsLegacy,
    revoke: 'as azure-devops-pat',
  }),
]

const smallBase32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** Twenty characters are `v4` and ten bytes, none of them zero; the other 26 are 16 bytes. */
function checkNuget(secret: Buffer): CheckResult {
  const text = secret.toString('latin1')
  const head = strictBase32(text.slice(0, 20), smallBase32)
  const tail = strictBase32(text.slice(20), smallBase32)
  const fits = head?.length === 12 && head.toString('latin1', 0, 2) === 'v4' && !head.subarray(2).includes(0)
  return verdict(fits && tail?.length === 16, 7)
}

function mintNuget(random: Random): string {
  const bytes = randomBytes(random, 10).map((byte) => Math.max(1, byte))
  return (
    encodeBase32(Buffer.concat([Buffer.from('v4'), bytes]), smallBase32) +
    encodeBase32(randomBytes(random, 16), smallBase32)
  )
}

/** CRC-32 of 28 scattered bytes, changed by a constant for users and another for applications, in the other four. */
const userMask = 0xe0b9692d
const applicationMask = 0x1019f92e

function devopsSum(bytes: Buffer): number {
  const covered = [
    [0, 2],
    [3, 7],
    [9, 22],
    [23, 32],
  ] as const
  return crc32(Buffer.concat(covered.map(([from, to]) => bytes.subarray(from, to))))
}

function checkDevopsLegacy(secret: Buffer): CheckResult {
  const bytes = strictBase32(secret.toString('latin1'), smallBase32)
  if (bytes?.length !== 32) return verdict(false, 31)
  const stored = Buffer.from([2, 7, 8, 22].map((at) => bytes[at] ?? 0)).readUInt32BE(0)
  const sum = devopsSum(bytes)
  return verdict(
    [userMask, applicationMask].some((mask) => (sum ^ mask) >>> 0 === stored),
    31,
  )
}

function mintDevopsLegacy(random: Random): string {
  const bytes = randomBytes(random, 32)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE((devopsSum(bytes) ^ userMask) >>> 0)
  for (const [i, at] of [2, 7, 8, 22].entries()) bytes[at] = sum[i] ?? 0
  return encodeBase32(bytes, smallBase32)
}
