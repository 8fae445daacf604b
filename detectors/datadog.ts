/** Datadog: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { valued } from './checks/shape.ts'

export const datadog: readonly Detector[] = [
  valued({
    id: 'datadog-api-key',
    issuer: 'Datadog',
    kind: 'API or application key',
    docs: 'https://docs.datadoghq.com/account_management/api-app-keys/',
    context: ['datadog', 'dd_api', 'dd_app'],
    contextWithin: 60,
    pattern: '[0-9a-f]{32}(?:[0-9a-f]{8})?',
    maxLength: 40,
    minEntropy: 2.8,
    revoke: 'dashboard only',
  }),
]
