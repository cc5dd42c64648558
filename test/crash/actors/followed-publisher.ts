import { type Place, placeHeaders, placeOf } from '../../../src/cli/place.js';
import type { Position } from '../../../src/engine/position.js';
import { positionOf } from '../../../src/engine/position.js';
import type { HubLife } from '../hub-life.js';
import { ChannelAccount } from '../model/channel-account.js';
import type { Random } from '../random.js';
import type { Actor } from './actor.js';
import { Publisher } from './publisher.js';
import { numberIn, readChannel } from './read-channel.js';

/** A channel that keeps all, its publisher, and a subscriber that comes back with its position after each crash. */
export class FollowedPublisher implements Actor {
  readonly account: ChannelAccount;
  private readonly publisher: Publisher;
  private place: Place = { behind: 'nothing' };
  /** numbers that the subscriber got since the last check */
  private got: number[] = [];
  private checkedTo: { readonly number: number; readonly position: Position } = { number: 0, position: 0 };

  constructor(name: string, random: Random) {
    this.account = new ChannelAccount(name);
    this.publisher = new Publisher({ location: '/keep', accounts: [this.account] }, random);
  }

  async work(life: HubLife): Promise<void> {
    await Promise.all([this.publisher.work(life), this.follow(life)]);
  }

  /** The subscriber goes on to the end and must have got what is stored, no more and no less. */
  async check(life: HubLife, isLast: boolean): Promise<void> {
    const { account, checkedTo } = this;
    const stored = await readChannel(life, account.name, checkedTo.position);
    life.wrong(...account.check(stored, checkedTo.number));
    const last = stored.at(-1);
    while (last && (this.got.at(-1) ?? checkedTo.number) < last.number && (await this.poll(life))) {}
    const expected = stored.map(({ number }) => number);
    if (this.got.join() !== expected.join()) {
      life.wrong(
        `channel ${account.name}: its subscriber got ${inShort(this.got)}, and stored are ${inShort(expected)}`,
      );
    }
    this.got = [];
    if (last) this.checkedTo = last;
    if (isLast) life.wrong(...account.check(await readChannel(life, account.name)));
  }

  private async follow(life: HubLife): Promise<void> {
    while (!life.isOver && (await this.poll(life))) {}
  }

  private async poll(life: HubLife): Promise<boolean> {
    const { name } = this.account;
    const answer = await life.ask(`/sub?id=${name}`, { headers: placeHeaders(this.place) });
    if (!answer || !life.expect(`Polling ${name}`, answer, 200)) return false;
    const place = placeOf(answer);
    if (!place) throw new Error(`A message of ${name} has no position.`);
    this.place = place;
    const number = numberIn(name, answer.body.toString());
    this.got.push(number);
    life.wrong(...this.account.see({ number, position: positionOf(place.second, place.tag) }));
    return true;
  }
}

/** The numbers around which a list is not one after the other. */
function inShort(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.length === 0 ? 'nothing' : runs.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(', ');
}
