/** Atlassian: cloud tokens end with a CRC-32; Data Center tokens are a number, a colon and 20 bytes. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base62, base64url, digits } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { crcCheck, crcMint, crcUpperHexOverAll } from './checks/crc-tokens.ts'
import { verdict } from './checks/outcome.ts'
import { letters, type Random, randomBytes } from './checks/random.ts'
import { prefixed, valued } from './checks/shape.ts'

const docs =
  'https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/'
const revoke = 'id.atlassian.com, dashboard only'
const datacenter = 'https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html'

export const atlassian: readonly Detector[] = [
  prefixed({
    id: 'atlassian-api-token',
    issuer: 'Atlassian',
    kind: 'Jira, Confluence, Bitbucket API token',
    docs,
    anchors: ['ATATT3'],
    pattern: 'ATATT3[A-Za-z0-9_-]{60,400}=[0-9A-F]{8}',
    maxLength: 415,
    check: crcCheck(crcUpperHexOverAll),
    revoke,
    mint: crcMint(crcUpperHexOverAll, 'ATATT3xFfGF0', base64url, 171, '='),
  }),
  prefixed({
    id: 'atlassian-access-token',
    issuer: 'Atlassian',
    kind: 'access token for a site, project or repository',
    docs: 'https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/',
    anchors: ['ATCTT3'],
    pattern: 'ATCTT3[A-Za-z0-9_-]{60,400}=[0-9A-F]{8}',
    maxLength: 415,
    check: crcCheck(crcUpperHexOverAll),
    revoke,
    mint: crcMint(crcUpperHexOverAll, 'ATCTT3xFfGN0', base64url, 171, '='),
  }),
  prefixed({
    id: 'bitbucket-app-password',
    issuer: 'Atlassian',
    kind: 'Bitbucket app password (ended 2026)',
    docs: 'https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/',
    anchors: ['ATBB'],
    pattern: 'ATBB[A-Za-z0-9]{24}[0-9A-F]{8}',
    maxLength: 36,
    check: crcCheck(crcUpperHexOverAll),
    revoke,
    mint: crcMint(crcUpperHexOverAll, 'ATBB', base62, 24),
  }),
  valued({
    id: 'atlassian-datacenter-pat',
    issuer: 'Atlassian',
    kind: 'Jira or Confluence Data Center token',
    docs: datacenter,
    context: ['jira', 'confluence', 'atlassian'],
    pattern: '[MNO][A-Za-z0-9+/_-]{43}',
    notBefore: 'A-Za-z0-9+/_',
    notAfter: 'A-Za-z0-9+/_=-',
    maxLength: 44,
    checkKind: 'structure',
    check: (secret) => checkDatacenter(secret.toString('latin1')),
    revoke: 'DELETE /rest/pat/latest/tokens/{id} by the owner',
    mint: mintDatacenter,
  }),
  prefixed({
    id: 'bitbucket-datacenter-token',
    issuer: 'Atlassian',
    kind: 'Bitbucket Data Center token',
    docs: datacenter,
    anchors: ['BBDC-'],
    pattern: 'BBDC-[MNO][A-Za-z0-9+/_-]{43}',
    notAfter: 'A-Za-z0-9+/_=-',
    maxLength: 49,
    checkKind: 'structure',
    check: (secret) => checkDatacenter(secret.toString('latin1', 5)),
    revoke: 'DELETE /rest/access-tokens/latest/users/{user}/{id} by the owner',
    mint: (random) => `BBDC-${mintDatacenter(random)}`,
  }),
  valued({
    id: 'atlassian-api-token-legacy',
    issuer: 'Atlassian',
    kind: 'Cloud API token before 2023',
    docs,
    context: ['atlassian', 'jira', 'confluence'],
    contextWithin: 60,
    pattern: '[A-Za-z0-9]{24}',
    maxLength: 24,
    minEntropy: 3.5,
    revoke,
  }),
  prefixed({
    id: 'trello-api-token',
    issuer: 'Atlassian',
    kind: 'Trello token',
    docs: 'https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/',
    anchors: ['ATTA'],
    pattern: 'ATTA[A-Za-z0-9]{72}',
    maxLength: 76,
    revoke: 'DELETE https://api.trello.com/1/tokens/{token}?key=…',
  }),
  valued({
    id: 'bitbucket-oauth-secret',
    issuer: 'Atlassian',
    kind: 'Bitbucket OAuth consumer secret',
    docs: 'https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/',
    context: ['bitbucket'],
    contextWithin: 60,
    pattern: '[A-Za-z0-9_-]{32}',
    notAfter: 'A-Za-z0-9=_-',
    maxLength: 32,
    minEntropy: 3.8,
    revoke: 'dashboard only',
  }),
]

/** 33 bytes: 12 decimal digits, a colon, 20 bytes. */
function checkDatacenter(text: string): CheckResult {
  const bytes = strictBase64(text.replaceAll('+', '-').replaceAll('/', '_'))
  return verdict(bytes !== null && /^[0-9]{12}:/.test(bytes.toString('latin1')), 60)
}

function mintDatacenter(random: Random): string {
  return Buffer.concat([Buffer.from(`${letters(random, digits, 12)}:`), randomBytes(random, 20)]).toString(
    'base64',
  )
}
