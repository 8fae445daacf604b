/**
 * For issuers of credentials: everything needed to serve keyrecall's revoke webhook in any Node framework. Needs
 * nothing but node:crypto. The body and headers are those of GitHub's secret scanning partner program, with
 * Standard Webhooks headers beside them against replays.
 */
export { type FeedbackEntry, feedback, type Label, type Match, parseMatches, tokenHash } from './matches.ts'
export { type FetchKeys, type PublicKeys } from './public-keys.ts'
export { createReplayMemory, type ReplayMemory } from './replay.ts'
export { type Answer, createRevokeHandler, type RevokeHandlerOptions } from './revoke-handler.ts'
export { type RawHeaders, VerificationError, type VerificationReason } from './signature.ts'
export { createStatusHandler, type StatusHandlerOptions } from './status-handler.ts'
export { createVerifier, type Verified, type Verifier, type VerifierOptions } from './verifier.ts'
