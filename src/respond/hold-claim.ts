/**
 * Keeps a claim while somebody else's server is waited for. Leases are short so that the work of a killed worker is
 * taken up soon; a slow server, or a wait for a free connection, must not look like a killed worker.
 */

/** Does `work`, with `renew` called again and again before `leaseMilliseconds` are over. */
export async function holdClaim<T>(
  renew: () => Promise<void>,
  leaseMilliseconds: number,
  work: () => Promise<T>,
): Promise<T> {
  let renewing = Promise.resolve()
  const timer = setInterval(() => {
    // One that fails is made up for by the next; the claim outlives two of them.
    renewing = renew().catch(() => undefined)
  }, leaseMilliseconds / 4)
  try {
    return await work()
  } finally {
    clearInterval(timer)
    await renewing
  }
}
