import { HubError } from '../channels/hub-error.js';
import { tellHistory } from '../commands/told-history.js';
import { tellCause } from '../logic/explaining/told-cause.js';
import type { AdminParts } from './admin-parts.js';
import type { Story } from './story.dto.js';

/** Why something was sent, or was not. */
export class KnownReasons {
  constructor(private readonly parts: Pick<AdminParts, 'commands' | 'plugins'>) {}

  /** @throws HubError `command_not_found` */
  async command(id: string): Promise<Story> {
    const { commands } = this.parts;
    const device = await commands.locate(id);
    if (device === undefined) {
      const sentence = `No device has a command "${id.slice(0, 40)}": it was never sent, or its record is gone (devices.command_retention).`;
      throw new HubError('command_not_found', sentence);
    }
    const command = await commands.find(device, id);
    const { seq, name, state, createdAt, job, origin } = command;
    const whence =
      job === undefined ? tellCause(origin) : `The job ${job.id} sent it. ${origin ? tellCause(origin) : ''}`;
    const cause = { at: new Date(createdAt).toISOString(), sentence: whence.trim() };
    return {
      now: `Command ${seq} of device "${device}" ("${name}", ${id}) is ${state.is}. ${cause.sentence}`,
      steps: [cause, ...tellHistory(command)],
    };
  }

  /** @throws HubError `plugin_not_found`, `bad_request` for what names no event */
  async whyNot(plugin: string, event: string): Promise<Story> {
    const { now, steps } = await this.parts.plugins.whyNot(plugin, event);
    return { now, steps: [...steps] };
  }
}
