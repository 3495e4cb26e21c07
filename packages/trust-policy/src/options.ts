/**
 * Options of which each one was named; those that are undefined are left out. A new option does not compile until it is named here,
 * so that none is dropped on its way down.
 */
export function everyOption<T extends object>(named: { readonly [K in keyof Required<T>]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) as unknown as T;
}
