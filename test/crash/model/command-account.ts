import type { Outcome } from './channel-account.js';

/** A command as a device got it. */
export interface Given {
  /** among the device's, as its params carry it */
  readonly number: number;
  readonly attempt: number;
}

interface Sent {
  /** set when the hub acknowledged it */
  id?: string;
  /** of its last delivery that arrived */
  attempt: number;
  isEnded: boolean;
  mayHaveEnded: boolean;
}

/** What may be true of one device's commands, which are sent one behind the other in one lane. */
export class CommandAccount {
  private readonly commands: Sent[] = [];

  constructor(readonly device: string) {}

  /** The number of the next command. */
  send(): number {
    return this.commands.push({ attempt: 0, isEnded: false, mayHaveEnded: false });
  }

  acknowledge(number: number, id: string): void {
    this.at(number).id = id;
  }

  /** The device said that it has done the command. */
  end(number: number, outcome: Outcome): void {
    const command = this.at(number);
    if (outcome === 'done') command.isEnded = true;
    else command.mayHaveEnded = true;
  }

  /** The device got a command. @returns what is wrong with that */
  give({ number, attempt }: Given): string[] {
    const command = this.commands[number - 1];
    if (!command) return [this.say(`command ${number} was never sent`)];
    const wrong: string[] = [];
    if (command.isEnded) wrong.push(this.say(`command ${number} was done, and came back`));
    if (attempt <= command.attempt) {
      wrong.push(this.say(`command ${number} came with attempt ${attempt} after attempt ${command.attempt}`));
    }
    command.attempt = attempt;
    for (let before = 1; before < number; before++) {
      const passed = this.at(before);
      const isDue = passed.id !== undefined && !passed.isEnded && !passed.mayHaveEnded;
      if (isDue) wrong.push(this.say(`command ${number} came before command ${before}, which was acknowledged`));
    }
    return wrong;
  }

  /** Commands that the hub answers for, the newest last. */
  acknowledged(): { readonly number: number; readonly id: string }[] {
    return this.commands.flatMap(({ id }, i) => (id === undefined ? [] : { number: i + 1, id }));
  }

  /** What the hub says of an acknowledged command. @param state undefined: it does not know it @returns what is wrong */
  checkState(number: number, state: string | undefined): string[] {
    const { isEnded, mayHaveEnded } = this.at(number);
    const allowed = isEnded ? ENDED : mayHaveEnded ? [...ENDED, ...OPEN] : OPEN;
    if (state !== undefined && allowed.includes(state)) return [];
    return [this.say(`command ${number} is ${state ?? 'not known'}, and must be ${allowed.join(' or ')}`)];
  }

  /** Acknowledged commands that the device has not done. */
  get open(): number {
    return this.commands.filter(({ id, isEnded, mayHaveEnded }) => id !== undefined && !isEnded && !mayHaveEnded)
      .length;
  }

  private at(number: number): Sent {
    return this.commands[number - 1] as Sent;
  }

  private say(what: string): string {
    return `device ${this.device}: ${what}`;
  }
}

const ENDED = ['SUCCEEDED'];
const OPEN = ['QUEUED', 'LEASED', 'IN_PROGRESS'];
