/** OpenAI: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { inside, prefixed } from './checks/shape.ts'

export const openai: readonly Detector[] = [
  prefixed({
    id: 'openai-api-key',
    issuer: 'OpenAI',
    kind: 'project, service or admin key',
    docs: 'https://platform.openai.com/docs/api-reference/authentication',
    anchors: ['sk-proj-', 'sk-svcacct-', 'sk-admin-'],
    pattern:
      'sk-(?:proj|svcacct|admin)-(?:[A-Za-z0-9_-]{74}T3BlbkFJ[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58}T3BlbkFJ[A-Za-z0-9_-]{58}|[A-Za-z0-9_-]{20}T3BlbkFJ[A-Za-z0-9_-]{20})',
    notAfter: 'A-Za-z0-9_-',
    maxLength: 167,
    revoke: 'OpenAI disables on a partner report; else dashboard, Admin API',
  }),
  inside(
    {
      id: 'openai-api-key-legacy',
      issuer: 'OpenAI',
      kind: 'user key',
      docs: 'https://platform.openai.com/docs/api-reference/authentication',
      anchors: ['T3BlbkFJ'],
      pattern: 'sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}',
      maxLength: 51,
      revoke: 'as above',
    },
    23,
  ),
]
