/** A function that gives an object without some of its members. */
export const omitting =
  (...names) =>
  (object) =>
    Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
