/** Scalars of secp256k1 (SEC 2 section 2.4.1): what a private key of Bitcoin or Ethereum may be. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** True where the bytes, most significant first, are a private key: above zero and below the order of the group. */
export function isSecp256k1Scalar(bytes: Buffer): boolean {
  const value = BigInt(`0x${bytes.toString('hex') || '0'}`)
  return value > 0n && value < order
}
