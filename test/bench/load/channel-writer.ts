import { messageBody } from '../measure/message-body.js';
import { filled, type Target } from '../peers/peer.js';
import type { Connection } from './connection.js';
import { checkPublished } from './publishers.js';
import { postRequest } from './requests.js';
import type { Response } from './response-parser.js';

/** Publishes one channel's messages, one after the other on one connection, so that their order is known. */
export class ChannelWriter {
  /** messages that the server has taken */
  published = 0;
  private readonly path: string;

  constructor(
    private readonly connection: Connection,
    private readonly target: Target,
    readonly channel: string,
    private readonly bodyBytes: number,
  ) {
    this.path = filled(target.publishPath, { id: channel });
  }

  /** @param taken called with the answer, 201 or 202, once the server has the message */
  publish(taken: (response: Response) => void): void {
    const body = messageBody(this.channel, this.published, this.bodyBytes);
    this.connection.send(postRequest(this.target.endpoint, this.path, body), (response) => {
      checkPublished(response);
      this.published++;
      taken(response);
    });
  }

  /** Publishes until the channel has had `count` messages. */
  fill(count: number): Promise<void> {
    return new Promise((resolve) => {
      const next = () => (this.published < count ? this.publish(next) : resolve());
      next();
    });
  }
}
