/**
 * Turns under suspicion of having ended the hub's process are tried one at a time in the whole hub, for with two of them
 * side by side nobody would know which one does it again.
 */
export class Trials {
  private readonly waiting: (() => void)[] = [];
  private isBusy = false;

  /** @param go called when it may begin, at once or later; it ends with `leave` */
  enter(go: () => void): void {
    if (this.isBusy) {
      this.waiting.push(go);
      return;
    }
    this.isBusy = true;
    go();
  }

  leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.isBusy = false;
  }
}
