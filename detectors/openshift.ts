/** OpenShift: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const openshift: readonly Detector[] = [
  prefixed({
    id: 'openshift-token',
    issuer: 'OpenShift',
    kind: 'OAuth token',
    docs: 'https://docs.redhat.com/en/documentation/openshift_container_platform',
    anchors: ['sha256~'],
    pattern: 'sha256~[A-Za-z0-9_-]{43}',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 50,
    revoke: 'oc delete oauthaccesstoken',
  }),
]
