/** Patches: a member that was not sent must not be written, and `undefined` is not a value. */

/** `value` without the members that are undefined. */
export function definedMembers<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const defined: { [K in keyof T]?: Exclude<T[K], undefined> } = {}
  for (const key of Object.keys(value) as (keyof T)[]) {
    if (value[key] !== undefined) defined[key] = value[key] as Exclude<T[typeof key], undefined>
  }
  return defined
}
