/** CircleCI: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const circleci: readonly Detector[] = [
  prefixed({
    id: 'circleci-project-token',
    issuer: 'CircleCI',
    kind: 'project token',
    docs: 'https://circleci.com/docs/managing-api-tokens/',
    anchors: ['CCIPRJ_'],
    pattern: 'CCIPRJ_[A-Za-z0-9]{22}_[0-9a-f]{40}',
    maxLength: 70,
    revoke: 'dashboard only',
  }),
  prefixed({
    id: 'circleci-personal-token',
    issuer: 'CircleCI',
    kind: 'personal token',
    docs: 'https://circleci.com/docs/managing-api-tokens/',
    anchors: ['CCIPAT_'],
    pattern: 'CCIPAT_[A-Za-z0-9]{22}_[0-9a-f]{40}',
    maxLength: 70,
    revoke: 'dashboard only',
  }),
]
