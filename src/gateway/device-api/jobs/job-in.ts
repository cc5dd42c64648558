import { ANY_DEVICE, type JobDraft } from '../../../commands/jobs/draft-job.js';
import { jobOf } from '../../../commands/jobs/written-job.js';
import { commandOf } from '../command-in.js';
import { objectIn } from '../json-body.js';

const EXAMPLE = '{"name":"fan.set","params":{"on":true},"devices":["fan-1","fan-2"],"rate":"10/s"}';

/**
 * A job as a producer writes it: all that a command has, `devices` or `pattern` and `attributes`, and `rate`, `canary`,
 * `stopOnFailure`.
 * @throws HubError `bad_json`, `invalid_payload`, `invalid_device_id`
 */
export function jobIn(body: Buffer): JobDraft {
  const { devices, pattern, attributes, rate, canary, stopOnFailure, ...rest } = objectIn(body, EXAMPLE);
  return jobOf({ devices, pattern, attributes, rate, canary, stopOnFailure }, commandOf(ANY_DEVICE, rest));
}
