/** The demo's issuer, for tests. */
export { type CapturedRequest, type Issuer, startIssuer } from '../../src/demo/issuer/issuer.ts'
