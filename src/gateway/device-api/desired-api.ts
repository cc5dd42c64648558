import type { Channels } from '../../channels/channels.js';
import { HubError } from '../../channels/hub-error.js';
import type { Commands } from '../../commands/commands.js';
import { pushDesired } from '../../commands/push-desired.js';
import { NOTED } from '../../devices/black-box.js';
import type { DesiredStates } from '../../devices/desired-states.js';
import { checkDeviceId } from '../../devices/device-id.js';
import type { Registry } from '../../devices/registry/registry.js';
import { answerWith, refuseMethod } from '../answer-with.js';
import { emptyAnswer } from '../answers.js';
import type { Answer, Exchange } from '../exchange.js';
import { askedWait } from './asked.js';
import { commandUrl } from './command-view.js';
import { askedRevision, seenRevision } from './conditions.js';
import { desiredAnswer } from './desired-answer.js';
import { type AskedState, DesiredWait } from './desired-wait.js';
import { objectIn } from './json-body.js';

export interface DesiredApiParts {
  readonly registry: Registry;
  readonly desired: DesiredStates;
  readonly channels: Channels;
  readonly commands: Commands;
  readonly times: { readonly maxPollTimeoutMs: number };
}

/** /v1/devices/{id}/desired: what a device shall be like, and how far it is with that. */
export class DesiredApi {
  constructor(private readonly parts: DesiredApiParts) {}

  /** @throws HubError, which is the answer */
  serve(device: string, exchange: Exchange): void {
    switch (exchange.method) {
      case 'GET':
        return this.get(device, exchange);
      case 'PUT':
        return answerWith(exchange, this.put(device, exchange));
      default:
        refuseMethod(exchange, 'GET, PUT');
    }
  }

  /** …/desired/reported: `{"version":17}`, the device is as that version says. @throws HubError, which is the answer */
  serveReported(device: string, exchange: Exchange): void {
    if (exchange.method !== 'POST') return refuseMethod(exchange, 'POST');
    answerWith(exchange, this.report(device, exchange));
  }

  private get(device: string, exchange: Exchange): void {
    const { registry, times } = this.parts;
    const asked = askedState(exchange, times.maxPollTimeoutMs);
    const tracked = registry.asking(checkDeviceId(device));
    tracked.contacted(NOTED.desiredState);
    new DesiredWait(exchange, tracked, asked, this.parts).start();
  }

  private async put(device: string, exchange: Exchange): Promise<Answer> {
    const isPushed = isAsked(exchange, 'push');
    const document = objectIn(exchange.body, '{"fan":{"on":true}}');
    const ifVersion = askedRevision(exchange);
    if (!isPushed) return desiredAnswer(200, await this.parts.desired.put(device, document, { ifVersion }));
    const { state, sent } = await pushDesired(this.parts, { device, document, ifVersion });
    const { command, delivered } = sent;
    return desiredAnswer(200, state, { push: { id: command.id, delivered, href: commandUrl(command) } });
  }

  private async report(device: string, exchange: Exchange): Promise<Answer> {
    this.parts.registry.asking(checkDeviceId(device)).contacted(NOTED.desiredState);
    const { version } = objectIn(exchange.body, '{"version":17}');
    await this.parts.desired.report(device, checkedVersion(version));
    return emptyAnswer(204);
  }
}

/** `?after=&wait=`, `Prefer: wait=` and If-None-Match. @throws HubError `bad_request` */
function askedState(exchange: Exchange, maxWaitMs: number): AskedState {
  const query = new URLSearchParams(exchange.query);
  const after = query.get('after');
  return {
    after: after === null ? undefined : checkedVersion(/^\d{1,15}$/.test(after) ? Number(after) : after),
    seen: seenRevision(exchange),
    waitMs: Math.min(askedWait(exchange, query) ?? 0, maxWaitMs),
  };
}

/** @throws HubError `bad_request` */
function isAsked(exchange: Exchange, name: string): boolean {
  const value = new URLSearchParams(exchange.query).get(name) ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw new HubError('bad_request', `"${name}" must be true or false; this one is "${value.slice(0, 40)}".`);
}

function checkedVersion(version: unknown): number {
  if (Number.isSafeInteger(version) && (version as number) >= 0) return version as number;
  throw new HubError(
    'bad_request',
    `A version of a desired state is a whole number, as an answer gave it; this one is ${JSON.stringify(version)}.`,
  );
}
