import { HubError } from '../../channels/hub-error.js';
import type { HubSurroundings } from '../hosted.js';
import { ExternalServer } from './external-server.js';
import type { Caller, LogicServers, StateQuery, StateValue, TurnPollTerms, WaitingPoll } from './logic-servers.js';
import type { LogicServerEntry } from './server-entry.js';

/** All logic servers that run outside of a hub, each found by its name and its token. */
export class ExternalServers implements LogicServers {
  readonly all: readonly ExternalServer[];

  constructor(entries: readonly LogicServerEntry[], hub: HubSurroundings) {
    this.all = entries.map((entry) => new ExternalServer(entry, hub));
  }

  nextTurns(caller: Caller, terms: TurnPollTerms): WaitingPoll {
    return this.of(caller).next(terms);
  }

  async answerTurn(caller: Caller, lock: string, reply: unknown): Promise<void> {
    return this.of(caller).answer(lock, reply);
  }

  async readState(caller: Caller, lock: string, query: StateQuery): Promise<readonly StateValue[]> {
    return this.of(caller).readState(lock, query);
  }

  /** @throws HubError `plugin_not_found`, `unauthorized` */
  private of({ server: name, authorization }: Caller): ExternalServer {
    const found = this.all.find((server) => server.name === name);
    if (!found)
      throw new HubError('plugin_not_found', `There is no logic server "${name.slice(0, 140)}" in logic_servers.`);
    found.authorize(authorization);
    return found;
  }
}
