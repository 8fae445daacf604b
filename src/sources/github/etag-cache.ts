/**
 * Answers kept for conditional requests: GitHub does not count a 304 against the primary limit. In memory and
 * bounded by bytes, least recently used first out; a client's cache dies with its token.
 */
interface CachedAnswer {
  etag: string
  body: Uint8Array
  headers: [string, string][]
}

export interface EtagCache {
  get(key: string): CachedAnswer | undefined
  set(key: string, answer: CachedAnswer): void
}

/** @param maxBytes of all bodies together; an answer larger than a quarter of it is not kept */
export function createEtagCache(maxBytes: number): EtagCache {
  const answers = new Map<string, CachedAnswer>()
  let held = 0

  function remove(key: string): void {
    const answer = answers.get(key)
    if (answer === undefined) return
    held -= answer.body.length
    answers.delete(key)
  }

  return {
    get(key) {
      const answer = answers.get(key)
      if (answer === undefined) return undefined
      answers.delete(key)
      answers.set(key, answer)
      return answer
    },
    set(key, answer) {
      remove(key)
      if (answer.body.length > maxBytes / 4) return
      answers.set(key, answer)
      held += answer.body.length
      for (const oldest of answers.keys()) {
        if (held <= maxBytes) break
        remove(oldest)
      }
    },
  }
}
