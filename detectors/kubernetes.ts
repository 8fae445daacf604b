/** Kubernetes: service account tokens are JWTs that say so; bootstrap tokens stand beside a word that says so. */
import type { CheckResult, CheckSurroundings, Detector } from '../src/model/detector.ts'
import { base36, base62 } from './checks/alphabets.ts'
import { judgeJwt, mintJwt, parseJwt } from './checks/jwt.ts'
import { failed, passed } from './checks/outcome.ts'
import { letters, type Random } from './checks/random.ts'
import { jsonParts, yamlParts } from './checks/secret-manifest.ts'
import { prefixed } from './checks/shape.ts'

/** Bytes before and behind the data in which its manifest says what it is. */
const manifest = 2000
/** Bytes of the data that are looked at. */
const block = 8192

/** What all manifests of a Secret have in common. */
const secret = {
  issuer: 'Kubernetes',
  kind: 'entry of a Secret',
  docs: 'https://kubernetes.io/docs/concepts/configuration/secret/',
  gate: 'words',
  maxLength: block,
  reach: { left: manifest, right: block + manifest },
  contextWithin: manifest,
  checkKind: 'structure',
  provenOnly: true,
  yieldsTo: ['dockerconfig-auth'],
  manualOnly: true,
  revoke: 'change what the Secret holds',
} satisfies Partial<Detector>

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
    ...secret,
    id: 'kubernetes-secret-data',
    notAfter: '\n',
    anchors: ['data:\n', 'data:\r', 'data:\\', 'stringData:\n', 'stringData:\r', 'stringData:\\'],
    pattern: String.raw`(?:data|stringData):(?:\r?\n|\\{1,3}n) {1,8}["'\\#A-Za-z0-9._-]`,
    ahead: { over: 'A-Za-z0-9._"\' \r\n\\#,()-', until: ':', within: 400 },
    parts: yamlParts,
    check: (_secret, _now, around) => (isYamlSecret(around) ? passed(8) : failed),
    mint: (random) =>
      `data:\n  app: ${Buffer.from(letters(random, base62, 24)).toString('base64')}\nkind: Secret\n`,
  }),
  prefixed({
    ...secret,
    id: 'kubernetes-secret-json',
    notAfter: ':',
    anchors: [
      '"data": {',
      '"data":{',
      '"stringData": {',
      '"stringData":{',
      '\\"data\\":{',
      '\\"stringData\\":{',
    ],
    pattern: String.raw`\\{0,3}"(?:data|stringData)\\{0,3}": ?\{\s{0,40}\\{0,3}"[A-Za-z0-9._-]{1,253}\\{0,3}"\s{0,4}:`,
    ahead: { over: 'A-Za-z0-9._"\\ \t\r\n-', until: ':', within: 320 },
    parts: jsonParts,
    check: (_secret, _now, around) => (isJsonSecret(around) ? passed(8) : failed),
    mint: (random) =>
      `"data": {"app": "${Buffer.from(letters(random, base62, 24)).toString('base64')}"}, "kind": "Secret"`,
  }),
]

/** In the manifest of a Secret, and not of the one before or behind. */
function isYamlSecret(around?: CheckSurroundings): boolean {
  const lines = (bytes?: Buffer) => bytes?.toString('latin1').replace(/\\{1,3}n/g, '\n') ?? ''
  const near = lines(around?.near)
  const at = near.indexOf(lines(around?.match))
  const document = `${near.slice(0, at).split(/^---/m).at(-1)}${near.slice(at).split(/^---/m)[0]}`
  return /^[ \t]*(?:- )?kind: ["']?Secret["']?\s*$/m.test(document)
}

/** The kind that stands nearest is that of the object. */
function isJsonSecret(around?: CheckSurroundings): boolean {
  const near = around?.near.toString('latin1') ?? ''
  const match = around?.match.toString('latin1') ?? ''
  const at = near.indexOf(match)
  const kind = /\\{0,3}"kind\\{0,3}":\s?\\{0,3}"(\w+)/g
  const before = [...near.slice(0, at).matchAll(kind)].at(-1)
  const [behind] = near.slice(at + match.length).matchAll(kind)
  const isNearer = before && (!behind || at - before.index < behind.index)
  return (isNearer ? before : behind)?.[1] === 'Secret'
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
