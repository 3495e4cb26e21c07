/** The members of an object that have a value: those that may be undefined are optional, and never there as undefined. */
export type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * Leaves members out that are undefined, for objects whose optional members must not be there as undefined.
 *
 * @example
 * ```ts
 * await fetchManifest(repository, descriptor, { limit, ...defined({ signal, onProgress }) });
 * ```
 */
export function defined<T extends object>(members: T): Defined<T> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) setMember(kept, name, value);
  return kept as Defined<T>;
}

function setMember(object: Record<string, unknown>, name: string, value: unknown): void {
  // Setting a member of this name sets the prototype.
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
}
