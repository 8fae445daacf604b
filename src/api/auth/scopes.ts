/**
 * Three scopes, each holding the ones before it. Every route names the one it needs, or `public`; a route that
 * names none is refused when the service starts (see `require-scope.ts`).
 */
export const scopes = ['read', 'triage', 'admin'] as const

export type Scope = (typeof scopes)[number]

/** Whether a token with `held` may do what needs `needed`. */
export function includesScope(held: readonly string[], needed: Scope): boolean {
  const rank = scopes.indexOf(needed)
  return held.some((scope) => (scopes as readonly string[]).indexOf(scope) >= rank)
}
