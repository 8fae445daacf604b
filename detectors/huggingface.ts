/** Hugging Face: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const huggingface: readonly Detector[] = [
  prefixed({
    id: 'huggingface-token',
    issuer: 'Hugging Face',
    kind: 'token',
    docs: 'https://huggingface.co/docs/hub/security-tokens',
    anchors: ['hf_'],
    pattern: 'hf_[A-Za-z]{34}',
    maxLength: 37,
    revoke: 'POST https://huggingface.co/api/credentials/revoke, no auth, {"credentials":[…]}, 202',
  }),
  prefixed({
    id: 'huggingface-org-token',
    issuer: 'Hugging Face',
    kind: 'organisation token (old)',
    docs: 'https://huggingface.co/docs/hub/security-tokens',
    anchors: ['api_org_'],
    pattern: 'api_org_[A-Za-z]{34}',
    maxLength: 42,
    revoke: 'as above',
  }),
]
