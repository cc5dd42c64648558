import type { DesiredState } from '../../devices/desired-states.js';
import { isoTime } from '../../devices/device-view.js';
import { jsonAnswer } from '../answers.js';
import type { Answer } from '../exchange.js';
import { etagOf } from './conditions.js';

/** A desired state as devices and producers read it. @param more further members */
export function desiredAnswer(status: number, state: DesiredState, more: object = {}): Answer {
  const { version, document, updatedAt, reported } = state;
  const value = {
    version,
    document,
    updatedAt: isoTime(updatedAt),
    reported: reported ? { version: reported.version, at: isoTime(reported.at) } : null,
    ...more,
  };
  return jsonAnswer(status, value, [etagOf(version)]);
}
