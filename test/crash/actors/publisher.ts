import type { HubLife } from '../hub-life.js';
import type { ChannelAccount } from '../model/channel-account.js';
import type { Random } from '../random.js';
import type { Actor } from './actor.js';
import { bodyOf, readChannel } from './read-channel.js';

export interface PublisherPlan {
  /** path of the publisher location */
  readonly location: string;
  readonly accounts: readonly ChannelAccount[];
  /** one request in so many deletes the channel; undefined: none does */
  readonly deletesOnceIn?: number;
}

/** Publishes on one connection to its channels in turn; nobody else publishes there. */
export class Publisher implements Actor {
  constructor(
    private readonly plan: PublisherPlan,
    private readonly random: Random,
  ) {}

  async work(life: HubLife): Promise<void> {
    const { accounts, deletesOnceIn } = this.plan;
    for (let turn = 0; !life.isOver; turn++) {
      const account = accounts[turn % accounts.length] as ChannelAccount;
      const isDeletion = deletesOnceIn !== undefined && this.random.isOnceIn(deletesOnceIn);
      await (isDeletion ? this.delete(life, account) : this.publish(life, account));
    }
  }

  async check(life: HubLife): Promise<void> {
    for (const account of this.plan.accounts) life.wrong(...account.check(await readChannel(life, account.name)));
  }

  private async publish(life: HubLife, account: ChannelAccount): Promise<void> {
    const number = account.send();
    const answer = await life.ask(this.path(account), { method: 'POST', body: bodyOf(account.name, number) });
    if (answer && life.expect(`Publishing to ${account.name}`, answer, 201, 202)) account.acknowledge(number);
  }

  private async delete(life: HubLife, account: ChannelAccount): Promise<void> {
    const answer = await life.ask(this.path(account), { method: 'DELETE' });
    account.delete(answer ? 'done' : 'unknown');
    if (answer) life.expect(`Deleting ${account.name}`, answer, 200, 404);
  }

  private path({ name }: ChannelAccount): string {
    return `${this.plan.location}?id=${name}`;
  }
}
