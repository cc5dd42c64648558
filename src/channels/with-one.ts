/**
 * A list with one more at its end, as short as it can be: a list that grows takes room for seventeen, and most of these are
 * of one to three.
 */
export function withOne<Item>(list: readonly Item[], item: Item): Item[] {
  const a = list[0] as Item;
  const b = list[1] as Item;
  switch (list.length) {
    case 0:
      return [item];
    case 1:
      return [a, item];
    case 2:
      return [a, b, item];
    default:
      return [...list, item];
  }
}

/** The same for a list that only its owner sees: one that has become long grows, which costs less than copying it. */
export function added<Item>(own: Item[], item: Item): Item[] {
  if (own.length < FEW) return withOne(own, item);
  own.push(item);
  return own;
}

const FEW = 3;
