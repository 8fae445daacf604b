/** The OpenAPI document, for whoever writes a client. */
import { z } from 'zod'
import type { ApiApp } from '../app.ts'

export function addOpenapiRoute(app: ApiApp): void {
  app.get(
    '/openapi.json',
    {
      config: { scope: 'public' },
      schema: {
        summary: 'This document',
        tags: ['meta'],
        response: { 200: z.record(z.string(), z.unknown()) },
      },
    },
    async () => app.swagger() as unknown as Record<string, unknown>,
  )
}
