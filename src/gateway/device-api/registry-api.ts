import { HubError } from '../../channels/hub-error.js';
import type { BatchRecorder } from '../../devices/batch/batch-recorder.js';
import type { DesiredState, DesiredStates } from '../../devices/desired-states.js';
import { isoTime, viewDevice } from '../../devices/device-view.js';
import type { Attributes } from '../../devices/registry/attributes.js';
import type { Registry } from '../../devices/registry/registry.js';
import { formatPosition } from '../../engine/position.js';
import { emptyAnswer, jsonAnswer } from '../answers.js';
import type { RegistryRoute } from '../device-route.js';
import type { Answer, Exchange } from '../exchange.js';
import { answerWith, refuseMethod } from './answer-with.js';
import { askedRevision, etagOf } from './conditions.js';
import { objectIn } from './json-body.js';

export interface RegistryApiParts {
  readonly registry: Registry;
  readonly desired: DesiredStates;
  readonly batches: BatchRecorder;
}

/** /v1/devices/{id} and what is below it of the device itself: attributes, desired state, batches of events. */
export class RegistryApi {
  constructor(private readonly parts: RegistryApiParts) {}

  /** @throws HubError, which is the answer */
  serve({ device, part }: RegistryRoute, exchange: Exchange): void {
    switch (part) {
      case 'itself':
        return this.serveDevice(device, exchange);
      case 'desired':
        return this.serveDesired(device, exchange);
      case 'reported':
        if (exchange.method !== 'POST') return refuseMethod(exchange, 'POST');
        return answerWith(exchange, this.report(device, exchange));
      case 'events':
        if (exchange.method !== 'POST') return refuseMethod(exchange, 'POST');
        return answerWith(exchange, this.record(device, exchange.body));
    }
  }

  private serveDevice(device: string, exchange: Exchange): void {
    switch (exchange.method) {
      case 'GET':
        return answerWith(exchange, this.tell(device, 200));
      case 'PUT':
      case 'POST':
        return answerWith(exchange, this.register(device, exchange));
      default:
        refuseMethod(exchange, 'GET, PUT, POST');
    }
  }

  private serveDesired(device: string, exchange: Exchange): void {
    switch (exchange.method) {
      case 'GET':
        return answerWith(exchange, this.getDesired(device, exchange));
      case 'PUT':
        return answerWith(exchange, this.putDesired(device, exchange));
      default:
        refuseMethod(exchange, 'GET, PUT');
    }
  }

  private async tell(device: string, status: number): Promise<Answer> {
    const found = await this.parts.registry.get(device);
    return jsonAnswer(status, viewDevice(found), [etagOf(found.revision)]);
  }

  /** `{"attributes":{…}}`; an empty body registers without any. */
  private async register(device: string, exchange: Exchange): Promise<Answer> {
    const ifRevision = askedRevision(exchange);
    const attributes = exchange.body.length === 0 ? {} : attributesIn(exchange.body);
    const { isNew } = await this.parts.registry.register(device, { attributes, asOperator: false, ifRevision });
    return this.tell(device, isNew ? 201 : 200);
  }

  /** 202 with a position for each event, null for one that was stored before by its id. */
  private async record(device: string, body: Buffer): Promise<Answer> {
    const outcome = await this.parts.batches.record(device, body);
    const positions = outcome.map((position) => position && formatPosition(position));
    const stored = positions.filter((position) => position !== null).length;
    return jsonAnswer(202, { stored, repeated: positions.length - stored, positions });
  }

  private async getDesired(device: string, exchange: Exchange): Promise<Answer> {
    const { registry, desired } = this.parts;
    registry.asking(device).contacted();
    const after = versionIn(new URLSearchParams(exchange.query).get('after'));
    const state = await desired.get(device);
    if (!state || state.version === after) {
      if (state) await desired.report(device, state.version);
      return { ...emptyAnswer(204), headers: [['Cache-Control', 'no-store']] };
    }
    return desiredAnswer(200, state);
  }

  private async putDesired(device: string, exchange: Exchange): Promise<Answer> {
    const document = objectIn(exchange.body, '{"fan":{"on":true}}');
    const state = await this.parts.desired.put(device, document, askedRevision(exchange));
    return desiredAnswer(200, state);
  }

  /** `{"version":17}`: the device is as that version says. */
  private async report(device: string, exchange: Exchange): Promise<Answer> {
    this.parts.registry.asking(device).contacted();
    const { version } = objectIn(exchange.body, '{"version":17}');
    await this.parts.desired.report(device, checkedVersion(version));
    return emptyAnswer(204);
  }
}

function attributesIn(body: Buffer): Attributes {
  const { attributes = {}, ...rest } = objectIn(body, '{"attributes":{"site":"north"}}');
  const unknown = Object.keys(rest)[0];
  if (unknown === undefined) return attributes as Attributes;
  throw new HubError('invalid_payload', `A registration has "attributes", not "${unknown.slice(0, 80)}".`);
}

function desiredAnswer(status: number, { version, document, updatedAt, reported }: DesiredState): Answer {
  const value = {
    version,
    document,
    updatedAt: isoTime(updatedAt),
    reported: reported ? { version: reported.version, at: isoTime(reported.at) } : null,
  };
  return jsonAnswer(status, value, [etagOf(version)]);
}

function versionIn(text: string | null): number | undefined {
  return text === null ? undefined : checkedVersion(/^\d{1,15}$/.test(text) ? Number(text) : text);
}

function checkedVersion(version: unknown): number {
  if (Number.isSafeInteger(version) && (version as number) >= 0) return version as number;
  throw new HubError(
    'bad_request',
    `A version of a desired state is a whole number, as an answer gave it; this one is ${JSON.stringify(version)}.`,
  );
}
