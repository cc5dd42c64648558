import { formatPosition, type Position } from '../engine/position.js';
import { Remembered } from './remembered.js';

/** Messages whose positions are remembered: causes name those of a moment ago, or of a turn that was tried again. */
const MAX_REMEMBERED = 100_000;

/** Names messages by their positions in the recording, which the replay's own channels do not give them. */
export class RecordedPositions {
  /** by `channel position` of the replay */
  private readonly recorded = new Remembered<string>(MAX_REMEMBERED);

  note(channel: string, replayed: Position, recorded: string): void {
    this.recorded.set(`${channel} ${formatPosition(replayed)}`, recorded);
  }

  /** @param by what a turn was for, `event devices/d/events/t 1700000000:0`; what names no message stays as it is */
  nameIn(by: string): string {
    const [, kind, message = ''] = /^(event|outcome) (.*)$/.exec(by) ?? [];
    const position = this.recorded.get(message);
    return position === undefined ? by : `${kind} ${message.slice(0, message.lastIndexOf(' '))} ${position}`;
  }
}
