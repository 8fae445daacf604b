/** GitLab: routable tokens carry a CRC-32 and a length; the older ones and the rarer kinds carry nothing to test. */
import type { Detector } from '../src/model/detector.ts'
import { checkRoutable, mintRoutable } from './checks/routable.ts'
import { prefixed } from './checks/shape.ts'

const docs = 'https://docs.gitlab.com/security/tokens/'
const self = 'DELETE /api/v4/personal_access_tokens/self with header PRIVATE-TOKEN'
const runner = 'DELETE /api/v4/runners with form field token'
const probe = {
  get: 'https://gitlab.com/api/v4/personal_access_tokens/self',
  auth: 'private-token',
  active: [200],
  inactive: [401],
} as const

export const gitlab: readonly Detector[] = [
  {
    ...routable('gitlab-pat-routable', 'personal access token', 'glpat-', 'glpat-', '.01', self),
    probe,
  },
  {
    ...routable('gitlab-pat-routable-unversioned', 'personal access token', 'glpat-', 'glpat-', '', self),
    probe,
  },
  {
    ...plain(
      'gitlab-pat',
      'personal, project or group access token',
      'glpat-',
      '[A-Za-z0-9_-]{20}',
      26,
      self,
    ),
    probe,
  },
  routable(
    'gitlab-runner-token-routable',
    'runner authentication token',
    'glrt-t1_',
    'glrt-t[0-9]_',
    '.01',
    runner,
  ),
  plain('gitlab-runner-token', 'runner authentication token', 'glrt-', '[A-Za-z0-9_-]{20}', 25, runner),
  routable(
    'gitlab-deploy-token-routable',
    'deploy token',
    'gldt-',
    'gldt-',
    '.01',
    'DELETE /projects/:id/deploy_tokens/:id by a maintainer',
  ),
  plain('gitlab-deploy-token', 'deploy token', 'gldt-', '[A-Za-z0-9_-]{20}', 25),
  plain('gitlab-feature-flag-client-token', 'feature flags client token', 'glffct-', '[A-Za-z0-9_-]{20}', 27),
  plain('gitlab-feed-token', 'feed token', 'glft-', '[A-Za-z0-9_-]{20}', 25),
  plain('gitlab-incoming-mail-token', 'incoming mail token', 'glimt-', '[A-Za-z0-9_-]{25}', 31),
  plain('gitlab-agent-token', 'agent for Kubernetes token', 'glagent-', '[A-Za-z0-9_-]{50}', 58),
  plain('gitlab-scim-token', 'SCIM token', 'glsoat-', '[A-Za-z0-9_-]{20}', 27),
  plain(
    'gitlab-pipeline-trigger-token',
    'pipeline trigger token',
    'glptt-',
    '[0-9a-f]{40}',
    46,
    'DELETE /projects/:id/triggers/:id by a maintainer',
  ),
  plain(
    'gitlab-ci-job-token',
    'CI job token',
    'glcbt-',
    '[A-Za-z0-9]{1,5}_[A-Za-z0-9_-]{20}',
    32,
    'dies with the job',
  ),
  plain('gitlab-oauth-app-secret', 'OAuth application secret', 'gloas-', '[0-9a-f]{64}', 70),
  plain(
    'gitlab-runner-registration-token',
    'runner registration token (legacy)',
    'GR1348941',
    '[A-Za-z0-9_-]{20}',
    29,
    'reset in CI settings',
  ),
  plain('gitlab-session-cookie', 'session cookie', '_gitlab_session=', '[0-9a-f]{32}', 48, 'sign out'),
]

function routable(
  id: string,
  kind: string,
  prefix: string,
  anchorPattern: string,
  version: '.01' | '',
  revoke: string,
): Detector {
  const fields = version ? String.raw`\.[0-9a-z]{2}\.[0-9a-z]{9}` : String.raw`\.[0-9a-z]{9}`
  return prefixed({
    id,
    issuer: 'GitLab',
    kind: `${kind}, routable`,
    docs,
    anchors: [prefix.replace('1_', '')],
    pattern: `${anchorPattern}[A-Za-z0-9_-]{27,300}${fields}`,
    maxLength: 321,
    check: (secret) => checkRoutable(secret, prefix.length),
    revoke,
    mint: mintRoutable(prefix, version),
  })
}

function plain(
  id: string,
  kind: string,
  anchor: string,
  body: string,
  maxLength: number,
  revoke?: string,
): Detector {
  return prefixed({
    id,
    issuer: 'GitLab',
    kind,
    docs,
    anchors: [anchor],
    pattern: anchor + body,
    notAfter: 'A-Za-z0-9_-',
    maxLength,
    revoke: revoke ?? 'dashboard only',
  })
}
