import { setTimeout as wait } from 'node:timers/promises';
import type { HubLife } from '../hub-life.js';
import { CommandAccount } from '../model/command-account.js';
import type { Actor } from './actor.js';

interface Delivered {
  readonly params: { readonly number: number };
  readonly attempt: number;
  /** where its end is reported */
  readonly reply: string;
}

/** Commands that wait for the device: more are sent when it has done some. */
const MAX_OPEN = 20;
/** The last commands whose states are compared after each crash; all are at the end. */
const CHECKED = 25;
/** When the last commands have not come after this time, they never will. */
const PATIENCE_MS = 60_000;
/** Its producer looks again so soon whether it has done some. */
const PAUSE_MS = 5;

/** A device that does what it is told, and the producer that tells it. */
export class Device implements Actor {
  private readonly account: CommandAccount;
  /** what it was doing when the hub was killed */
  private held: Delivered | undefined = undefined;

  /** @param remembers it reports what it held when the hub is back; else it has forgotten, and polls */
  constructor(
    private readonly id: string,
    private readonly remembers: boolean,
  ) {
    this.account = new CommandAccount(id);
  }

  async work(life: HubLife): Promise<void> {
    await Promise.all([this.produce(life), this.obey(life)]);
  }

  async check(life: HubLife, isLast: boolean): Promise<void> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    while (isLast && this.account.open > 0 && performance.now() < giveUpAt) await this.obeyOnce(life);
    if (isLast && this.account.open > 0) life.wrong(`device ${this.id}: ${this.account.open} commands never came`);
    const acknowledged = this.account.acknowledged();
    for (const { number, id } of isLast ? acknowledged : acknowledged.slice(-CHECKED)) {
      const answer = await life.ask(`/v1/devices/${this.id}/commands/${id}`);
      if (!answer) throw new Error('The hub ended while it was checked.');
      const state = answer.status === 200 ? JSON.parse(answer.body.toString()).state : undefined;
      life.wrong(...this.account.checkState(number, state));
    }
  }

  private async produce(life: HubLife): Promise<void> {
    while (!life.isOver) {
      if (this.account.open >= MAX_OPEN) await wait(PAUSE_MS);
      else await this.send(life);
    }
  }

  private async send(life: HubLife): Promise<void> {
    const number = this.account.send();
    const body = JSON.stringify({ name: 'step', params: { number }, ack: 'result', ttl: 86_400 });
    const answer = await life.ask(`/v1/devices/${this.id}/commands`, { method: 'POST', body });
    if (!answer || !life.expect(`A command for ${this.id}`, answer, 202)) return;
    this.account.acknowledge(number, JSON.parse(answer.body.toString()).id);
  }

  private async obey(life: HubLife): Promise<void> {
    while (!life.isOver) await this.obeyOnce(life);
  }

  private async obeyOnce(life: HubLife): Promise<void> {
    if (this.held && this.remembers) await this.report(life, this.held);
    this.held = undefined;
    const answer = await life.ask(`/v1/devices/${this.id}/commands?wait=1`);
    if (!answer || !life.expect(`A poll of ${this.id}`, answer, 200, 204)) return;
    if (answer.status === 204) return;
    this.held = JSON.parse(answer.body.toString()) as Delivered;
    const { params, attempt } = this.held;
    life.wrong(...this.account.give({ number: params.number, attempt }));
    await this.report(life, this.held);
  }

  private async report(life: HubLife, { reply, params }: Delivered): Promise<void> {
    const answer = await life.ask(`${reply}/complete`, { method: 'POST' });
    this.account.end(params.number, answer?.status === 204 ? 'done' : 'unknown');
    if (!answer) return;
    life.expect(`The end of command ${params.number} of ${this.id}`, answer, 204);
    this.held = undefined;
  }
}
