/** The browser of the system, for tests that look at a page as a person would. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const path = '/usr/bin/chromium'

/** Why the tests of pages cannot run here; null where they can. `.ci/run` installs what is missing. */
export const noBrowser: string | null = existsSync(path)
  ? null
  : `${path} is missing; apt-get install chromium`

export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: path, args: ['--no-sandbox'] })
}
