/** Values that only point at a secret, or stand in for one, in configuration files and addresses. */

/** True for `${X}`, `$X`, `%X%`, `{{x}}`, `<x>` and the like; a `${` may end early, cut off where a value ends. */
function isReference(value: string): boolean {
  return /^(?:\$\{.*|\$\(.*\)|\$[A-Za-z_]\w*|%[A-Za-z_]\w*%|\{\{.*\}\}|\{[A-Za-z_.]*\}|<.*>|#\{.*\}|\[.*\])$/.test(
    value,
  )
}

/** True for empty values and the words people write in place of a password. */
export function isStandIn(value: string): boolean {
  return (
    value === '' ||
    isReference(value) ||
    /^(?:x+|X+|\*+|\.+|-+|_+)$/.test(value) ||
    /^(?:your[-_ ]?.*|my[-_ ]?pass(?:word)?|pass(?:word|wd)?|pwd|secret|changeme|change[-_]?me|example|placeholder|redacted|token|user(?:name)?|none|null|undefined|todo)$/i.test(
      value,
    )
  )
}
