import { andThen } from '../../channels/maybe-promise.js';
import type { Engine } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Position } from '../../engine/position.js';
import type { Cursor } from '../journal/cursor.js';
import type { TimerRecord } from '../store/records.js';
import { OUTBOX, TIMERS, timeOf, turnKey, turnOf } from '../store/tables.js';

/** A turn of a plugin by what it is for, the same after a restart: a letter for the table, and the key there. */
export type TurnId = string;

/** A moment of a plugin's sources, which tells what was there before it. */
export interface SourcePoint {
  /** the last entry of the journal */
  readonly position: Position;
  /** unix ms of the hub's steady time */
  readonly at: number;
}

/** A turn for an entry of the journal. */
export function entryTurn(position: Position, handler: string): TurnId {
  return `e${turnKey('', position, handler)}`;
}

/** What the keys of attempts of such turns begin with, before a "/". */
export function entryTurns(plugin: string): string {
  return `${plugin}/e`;
}

/** @param key of `TIMES` */
export function timerTurn(plugin: string, key: string): TurnId {
  return `t${key.slice(plugin.length)}`;
}

/** @param key of `OUTBOX` */
export function outboxTurn(plugin: string, key: string): TurnId {
  return `o${key.slice(plugin.length)}`;
}

/** Whether a turn will not come again: it is done, or what it was for is gone. */
export function isOver(turn: TurnId, plugin: string, cursor: Cursor, engine: Engine): MaybePromise<boolean> {
  const key = plugin + turn.slice(1);
  switch (turn[0]) {
    case 'e': {
      const { position, handler } = turnOf(plugin, key);
      return position <= cursor.writtenMark || cursor.wasDone(position, handler);
    }
    case 't': {
      const { at, rest } = timeOf(plugin, key);
      return andThen(
        engine.table(TIMERS).get(`${plugin}/${rest}`),
        (record) => record === undefined || (JSON.parse(record.value) as TimerRecord).dueAt !== at,
      );
    }
    default:
      return andThen(engine.table(OUTBOX).get(key), (record) => record === undefined);
  }
}
