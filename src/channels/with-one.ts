/**
 * A list with one more at its end, as short as it can be: a list that grows takes room for seventeen, and most of these are
 * of one to three.
 */
export function withOne<Item>(list: readonly Item[], item: Item): Item[] {
  const [a, b] = list as readonly [Item, Item];
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
