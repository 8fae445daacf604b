/** Passwords in addresses and files: no shape can be tested, only whether something else stands in their place. */
import type { CheckResult } from '../../src/model/detector.ts'
import { failed, passed } from './outcome.ts'
import { isStandIn } from './reference.ts'

/** Formats and templates that are filled in later: `%s`, `%(name)s`, `a${b}`, `#{x}`, `:name`. */
const template = /^%[a-z@]$|%\([a-z_]+\)s|\$\{|\{\{|#\{|^:[a-z_]+$/i

/** Fails on references, placeholders and the user's own name, which are nobody's secret. */
export function judgePassword(password: string, user = ''): CheckResult {
  const plain = decoded(password)
  return isStandIn(plain) || template.test(plain) || plain === user ? failed : passed(1)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
