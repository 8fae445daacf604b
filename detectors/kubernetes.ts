/** Kubernetes: service account tokens are JWTs that say so; bootstrap tokens stand beside a word that says so. */
import type { CheckResult, CheckSurroundings, Detector } from '../src/model/detector.ts'
import { base36, base62 } from './checks/alphabets.ts'
import { strictBase64 } from './checks/base64.ts'
import { judgeJwt, mintJwt, parseJwt } from './checks/jwt.ts'
import { failed, passed } from './checks/outcome.ts'
import { letters, type Random } from './checks/random.ts'
import { isStandIn } from './checks/reference.ts'
import { prefixed } from './checks/shape.ts'

/** Bytes before and behind the data in which its manifest says what it is. */
const manifest = 2000

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
  prefixed({
    id: 'kubernetes-secret-data',
    issuer: 'Kubernetes',
    kind: 'manifest of a Secret with its data',
    docs: 'https://kubernetes.io/docs/concepts/configuration/secret/',
    anchors: ['data:\n', 'data:\r', 'data:\\'],
    // The first entry stands for all.
    pattern: String.raw`data:(?:\r?\n|\\{1,3}n) {1,8}["']?[A-Za-z0-9._-]{1,253}["']?: ["']?([A-Za-z0-9+/]{8,1000}={0,2})`,
    gate: 'words',
    ahead: { over: 'A-Za-z0-9._"\' \r\n\\-', until: ':', within: 270 },
    notAfter: 'A-Za-z0-9+/=_.:@-',
    maxLength: 1290,
    reach: { left: manifest, right: 1290 + manifest },
    contextWithin: manifest,
    checkKind: 'structure',
    check: checkData,
    provenOnly: true,
    yieldsTo: ['dockerconfig-auth'],
    manualOnly: true,
    mint: (random) =>
      `data:\n  app: ${Buffer.from(letters(random, base62, 24)).toString('base64')}\nkind: Secret\n`,
    revoke: 'change what the Secret holds',
  }),
]

/** In a manifest of a Secret what is in it opens something, unless something is to be put there later. */
function checkData(secret: Buffer, _now: number, around?: CheckSurroundings): CheckResult {
  const lines = (bytes?: Buffer) => bytes?.toString('latin1').replace(/\\{1,3}n/g, '\n') ?? ''
  const near = lines(around?.near)
  const at = near.indexOf(lines(around?.match))
  const document = `${near.slice(0, at).split(/^---/m).at(-1)}${near.slice(at).split(/^---/m)[0]}`
  if (!/^[ \t]*(?:- )?kind: ["']?Secret["']?\s*$/m.test(document)) return failed
  const bytes = strictBase64(secret.toString('latin1'), { alphabet: 'standard', padding: 'full' })
  return bytes && !isStandIn(bytes.toString('latin1').trim()) ? passed(8) : failed
}

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
