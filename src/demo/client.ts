/** The demo uses the service as anybody would: over its REST API, with a token. */
export interface ApiClient {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: unknown): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
  /** Every item of a paged list, by its Link headers. */
  all<T>(path: string): Promise<T[]>
}

export function createApiClient(baseUrl: string, token: string): ApiClient {
  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
    return response
  }
  const json = async <T>(response: Promise<Response>): Promise<T> => (await (await response).json()) as T
  return {
    get: (path) => json(send('GET', path)),
    post: (path, body) => json(send('POST', path, body)),
    patch: (path, body) => json(send('PATCH', path, body)),
    async all<T>(path: string): Promise<T[]> {
      const items: T[] = []
      let next: string | null = path
      while (next !== null) {
        const response: Response = await send('GET', next)
        items.push(...((await response.json()) as T[]))
        next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null
      }
      return items
    },
  }
}
