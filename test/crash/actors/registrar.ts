import type { HubLife } from '../hub-life.js';
import { ValueAccount } from '../model/value-account.js';
import type { Actor } from './actor.js';

/** Changes the attributes of a device again and again. */
export class Registrar implements Actor {
  private readonly account: ValueAccount;

  constructor(private readonly id: string) {
    this.account = new ValueAccount(`The attribute "step" of ${id}`);
  }

  async work(life: HubLife): Promise<void> {
    while (!life.isOver) {
      const value = this.account.write();
      const body = JSON.stringify({ attributes: { step: String(value) } });
      const answer = await life.ask(this.path, { method: 'PUT', body });
      if (answer && life.expect(`Registering ${this.id}`, answer, 200, 201)) this.account.acknowledge(value);
    }
  }

  async check(life: HubLife): Promise<void> {
    const answer = await life.ask(this.path);
    if (!answer) throw new Error('The hub ended while it was checked.');
    const found = answer.status === 200 ? JSON.parse(answer.body.toString()).attributes.step : undefined;
    life.wrong(...this.account.check(Number(found ?? 0)));
  }

  private get path(): string {
    return `/v1/devices/${this.id}`;
  }
}
