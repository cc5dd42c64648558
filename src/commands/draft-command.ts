import { HubError } from '../channels/hub-error.js';
import { checkDeviceId } from '../devices/device-id.js';

/** A command that was checked and written down, and not yet sent. */
export interface DraftCommand {
  readonly device: string;
  readonly name: string;
  readonly params: unknown;
  /** `params` as JSON, as they were when the draft was made */
  readonly paramsJson: string;
}

/** Characters of a command's name. */
const MAX_NAME_LENGTH = 128;

/**
 * @param params anything that JSON can say; undefined is sent as `{}`
 * @throws HubError `invalid_device_id`, `invalid_payload`
 */
export function draftCommand(device: string, name: string, params: unknown = {}): DraftCommand {
  checkDeviceId(device);
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME_LENGTH) {
    throw new HubError(
      'invalid_payload',
      `A command's name must be a text of 1 to ${MAX_NAME_LENGTH} characters, as in "fan.set"; this one ` +
        `${typeof name === 'string' ? `has ${name.length}` : `is of type ${typeof name}`}.`,
    );
  }
  return { device, name, params, paramsJson: jsonOf(name, params) };
}

function jsonOf(name: string, params: unknown): string {
  let cause: unknown;
  try {
    const json = JSON.stringify(params) as string | undefined;
    if (json !== undefined) return json;
  } catch (error) {
    cause = error;
  }
  const reason = cause instanceof Error ? cause.message : `JSON has no ${typeof params}.`;
  throw new HubError('invalid_payload', `The params of command "${name}" cannot be written as JSON: ${reason}`, {
    cause,
  });
}
