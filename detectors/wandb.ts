/** Weights & Biases: known by its shape alone. */
import type { Detector } from '../src/model/detector.ts'

import { prefixed } from './checks/shape.ts'

export const wandb: readonly Detector[] = [
  prefixed({
    id: 'wandb-api-key',
    issuer: 'Weights & Biases',
    kind: 'API key',
    docs: 'https://docs.wandb.ai/guides/track/environment-variables/',
    anchors: ['wandb_v1_'],
    pattern: 'wandb_v1_[A-Za-z0-9_]{77}',
    maxLength: 86,
    revoke: 'dashboard only',
  }),
]
