/** PostHog: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const posthog: readonly Detector[] = [
  prefixed({
    id: 'posthog-personal-key',
    issuer: 'PostHog',
    kind: 'personal key (phx_); phc_ is public',
    docs: 'https://posthog.com/docs/api',
    anchors: ['phx_', 'phc_'],
    pattern: 'ph[xc]_[A-Za-z0-9]{41,49}',
    maxLength: 53,
    revoke: 'PostHog revokes on a partner report; else dashboard',
  }),
]
