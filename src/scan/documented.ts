/** Credentials printed in vendors' documentation and copied everywhere; they were never anybody's. */

/** AWS ends all of its sample ids and secrets so. */
const awsSample = /^(?:A[KSBC][A-Z]A[A-Z2-7]{9,}|[A-Za-z0-9+/]{30,})EXAMPLE(?:KEY)?$/

/** Phrases of test networks: `abandon … about` of BIP-39, `test … junk` of Ethereum's tools; their keys are everybody's. */
const samplePhrase = /^\s*([a-z]+)(?:\s+\1){9,}\s+[a-z]+\s*$/i

/** True for a documented sample: of AWS, of seed phrases, or the person that jwt.io's tokens are about. */
export function documentedExample(text: string): boolean {
  return awsSample.test(text) || samplePhrase.test(text) || sampleJwt(text)
}

function sampleJwt(text: string): boolean {
  const payload = /eyJ[A-Za-z0-9_-]+\.(eyJ[A-Za-z0-9_-]+)\./.exec(text)?.[1]
  if (!payload) return false
  const json = Buffer.from(payload, 'base64url').toString('utf8')
  return /"name"\s*:\s*"(?:John|Jane) Doe"/.test(json) || /"sub"\s*:\s*"1234567890"/.test(json)
}
