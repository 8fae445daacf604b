/** SonarQube: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const sonarqube: readonly Detector[] = [
  prefixed({
    id: 'sonarqube-token',
    issuer: 'SonarQube',
    kind: '/ SonarCloud token',
    docs: 'https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/',
    anchors: ['squ_', 'sqp_', 'sqa_'],
    pattern: 'sq[upa]_[0-9a-f]{40}',
    maxLength: 44,
    revoke: 'POST /api/user_tokens/revoke with the name',
  }),
]
