/** LangSmith: a version-4 UUID without dashes. */
import type { Detector } from '../src/model/detector.ts'
import { hex } from './checks/alphabets.ts'
import { verdict } from './checks/outcome.ts'
import { letters, uuid4 } from './checks/random.ts'
import { prefixed } from './checks/shape.ts'
import { isUuid4 } from './checks/uuid.ts'

export const langsmith: readonly Detector[] = [
  prefixed({
    id: 'langsmith-api-key',
    issuer: 'LangSmith',
    kind: 'API key',
    docs: 'https://docs.smith.langchain.com/administration/how_to_guides/organization_management/create_account_api_key',
    anchors: ['lsv2_pt_', 'lsv2_sk_'],
    pattern: 'lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}',
    maxLength: 51,
    checkKind: 'structure',
    check: (secret) => verdict(isUuid4(secret.toString('latin1', 8, 40)), 6),
    mint: (random) => `lsv2_pt_${uuid4(random).replaceAll('-', '')}_${letters(random, hex, 10)}`,
    revoke: 'dashboard only',
  }),
]
