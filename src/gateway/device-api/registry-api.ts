import { HubError } from '../../channels/hub-error.js';
import type { BatchRecorder } from '../../devices/batch/batch-recorder.js';
import { viewDevice } from '../../devices/device-view.js';
import type { Attributes } from '../../devices/registry/attributes.js';
import { formatPosition } from '../../engine/position.js';
import { answerWith, refuseMethod } from '../answer-with.js';
import { jsonAnswer } from '../answers.js';
import type { RegistryRoute } from '../device-route.js';
import type { Answer, Exchange } from '../exchange.js';
import { askedRevision, etagOf } from './conditions.js';
import { DesiredApi, type DesiredApiParts } from './desired-api.js';
import { objectIn } from './json-body.js';

export interface RegistryApiParts extends DesiredApiParts {
  readonly batches: BatchRecorder;
}

/** /v1/devices/{id} and what is below it of the device itself: attributes, batches of events, desired state. */
export class RegistryApi {
  private readonly desired: DesiredApi;

  constructor(private readonly parts: RegistryApiParts) {
    this.desired = new DesiredApi(parts);
  }

  /** @throws HubError, which is the answer */
  serve({ device, part }: RegistryRoute, exchange: Exchange): void {
    switch (part) {
      case 'itself':
        return this.serveDevice(device, exchange);
      case 'desired':
        return this.desired.serve(device, exchange);
      case 'reported':
        return this.desired.serveReported(device, exchange);
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
}

function attributesIn(body: Buffer): Attributes {
  const { attributes = {}, ...rest } = objectIn(body, '{"attributes":{"site":"north"}}');
  const unknown = Object.keys(rest)[0];
  if (unknown === undefined) return attributes as Attributes;
  throw new HubError('invalid_payload', `A registration has "attributes", not "${unknown.slice(0, 80)}".`);
}
