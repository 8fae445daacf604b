/** Tencent Cloud: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const tencent: readonly Detector[] = [
  prefixed({
    id: 'tencent-secret-id',
    issuer: 'Tencent Cloud',
    kind: 'secret id',
    docs: 'https://www.tencentcloud.com/document/product/598/34228',
    anchors: ['AKID'],
    pattern: 'AKID[A-Za-z0-9]{32}',
    maxLength: 36,
    revoke: 'CAM DeleteAccessKey',
  }),
]
