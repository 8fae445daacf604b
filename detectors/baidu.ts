/** Baidu Cloud: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'
import { prefixed } from './checks/shape.ts'

export const baidu: readonly Detector[] = [
  prefixed({
    id: 'baidu-api-key',
    issuer: 'Baidu Cloud',
    kind: 'API key (v3)',
    docs: 'https://cloud.baidu.com/doc/WENXINWORKSHOP/s/Um2wxbaps',
    anchors: ['bce-v3/ALTAK-'],
    pattern: 'bce-v3/ALTAK-[A-Za-z0-9]{21}/[0-9a-f]{40}',
    maxLength: 75,
    revoke: 'dashboard only',
  }),
]
