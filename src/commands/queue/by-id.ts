/** Items that are looked through one by one; more than these have a Map. */
const FEW = 4;

/** Items by their ids, in the order they came. Most queues hold one or two, for which a Map costs more than it saves. */
export class ById<Item extends { readonly id: string }> {
  private items: Item[] = [];
  private many: Map<string, Item> | undefined = undefined;

  get size(): number {
    return this.many?.size ?? this.items.length;
  }

  /** The items themselves while they are few; not to be kept, for they change. */
  get few(): readonly Item[] | undefined {
    return this.many ? undefined : this.items;
  }

  /** All of them; they may be put and deleted meanwhile, and those may be among them or not. */
  values(): Iterable<Item> {
    return this.many?.values() ?? this.items.slice();
  }

  get(id: string): Item | undefined {
    return this.many ? this.many.get(id) : this.items[this.indexOf(id)];
  }

  /** Adds an item, in the place of the one with its id. */
  put(item: Item): void {
    if (this.many) {
      this.many.set(item.id, item);
      return;
    }
    const index = this.indexOf(item.id);
    if (index >= 0) this.items[index] = item;
    // The first one makes its own list: one that grows takes room for seventeen.
    else if (this.items.length === 0) this.items = [item];
    else if (this.items.length < FEW) this.items.push(item);
    else this.spread(item);
  }

  delete(id: string): void {
    if (this.many) {
      this.many.delete(id);
      if (this.many.size === 0) this.many = undefined;
      return;
    }
    const index = this.indexOf(id);
    if (index === this.items.length - 1) this.items.pop();
    else if (index >= 0) this.items.splice(index, 1);
  }

  private spread(item: Item): void {
    this.many = new Map(this.items.map((known) => [known.id, known]));
    this.many.set(item.id, item);
    this.items = [];
  }

  private indexOf(id: string): number {
    const { items } = this;
    for (let i = 0; i < items.length; i++) if ((items[i] as Item).id === id) return i;
    return -1;
  }
}
