/** Ends a switch over a union: a member that it forgot does not compile, and one that types did not foresee throws. */
export function assertNever(value: never): never {
  throw new TypeError(`Nothing was foreseen for ${JSON.stringify(value)}.`);
}
