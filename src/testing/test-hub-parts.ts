import type { Failures } from './hub/failures.js';
import type { SeenCommands } from './hub/seen-commands.js';
import type { VirtualHub } from './hub/virtual-hub.js';
import type { SeenMessages } from './seen-messages.js';

/** What a test's hub is made of. */
export interface TestHubParts {
  readonly hub: VirtualHub;
  readonly commands: SeenCommands;
  readonly messages: SeenMessages;
  readonly failures: Failures;
  /** false: what goes wrong is looked for by the test itself */
  readonly throwsFailures: boolean;
}
