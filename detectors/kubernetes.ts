/** Kubernetes: service account tokens are JWTs that say so; bootstrap tokens stand beside a word that says so. */
import type { CheckResult, Detector } from '../src/model/detector.ts'
import { base36, base62 } from './checks/alphabets.ts'
import { judgeJwt, mintJwt, parseJwt } from './checks/jwt.ts'
import { failed } from './checks/outcome.ts'
import { letters, type Random } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'

export const kubernetes: readonly Detector[] = [
  prefixed({
    id: 'kubernetes-service-account-token',
    issuer: 'Kubernetes',
    kind: 'service account token',
    docs: 'https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/',
    anchors: ['eyJ'],
    pattern: String.raw`eyJ[A-Za-z0-9_-]{20,300}\.eyJ[A-Za-z0-9_-]{60,1000}[A-Za-z0-9_-]{0,1000}\.[A-Za-z0-9_-]{342}`,
    notAfter: 'A-Za-z0-9_-',
    maxLength: 2660,
    checkKind: 'structure',
    check: checkAccount,
    mint: mintAccount,
    revoke: 'delete the secret or the bound object',
  }),
  prefixed({
    id: 'kubernetes-bootstrap-token',
    issuer: 'Kubernetes',
    kind: 'bootstrap token',
    docs: 'https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/',
    anchors: ['kubeadm', 'KUBEADM', 'bootstrap', 'Bootstrap', 'BOOTSTRAP'],
    pattern: String.raw`(?i:kubeadm|bootstrap.?token)[^\n]{0,79}?[^A-Za-z0-9\n.]([a-z0-9]{6}\.[a-z0-9]{16})`,
    gate: 'words',
    maxLength: 361,
    minEntropy: 3,
    mint: (random) => `kubeadm join --token ${letters(random, base36, 6)}.${letters(random, base36, 15)}7`,
    revoke: 'kubeadm token delete',
  }),
]

function checkAccount(secret: Buffer, now: number): CheckResult {
  const jwt = parseJwt(secret.toString('latin1'))
  const { sub, iss } = jwt?.payload ?? {}
  if (!jwt || typeof sub !== 'string' || !sub.startsWith('system:serviceaccount:')) return failed
  if (iss !== 'kubernetes/serviceaccount' && typeof jwt.payload['kubernetes.io'] !== 'object') return failed
  return judgeJwt(jwt, now)
}

function mintAccount(random: Random): string {
  const payload = {
    iss: 'https://kubernetes.default.svc',
    sub: 'system:serviceaccount:harbour:deploy',
    'kubernetes.io': { namespace: 'harbour' },
    exp: 4_102_444_800,
  }
  return mintJwt(random, payload, { alg: 'RS256', kid: letters(random, base62, 43) }, 256)
}
