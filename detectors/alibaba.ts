/** Alibaba Cloud: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const alibaba: readonly Detector[] = [
  prefixed({
    id: 'alibaba-access-key-id',
    issuer: 'Alibaba Cloud',
    kind: 'access key id',
    docs: 'https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair',
    anchors: ['LTAI'],
    pattern: 'LTAI[A-Za-z0-9]{17,21}',
    maxLength: 25,
    revoke: 'RAM DeleteAccessKey',
  }),
]
