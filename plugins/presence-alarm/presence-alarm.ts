import { IsIn } from 'class-validator';
import { type DeviceEvent, LogicServer, OnEvent, OnTimer, type Timer, type Turn } from 'signalbox/plugin';
import { PresenceAlarmConfig } from './presence-alarm-config.js';

/** The payload of an event `$presence`, which the hub itself posts. */
export class PresenceChange {
  @IsIn(['listening', 'expected', 'late', 'offline'])
  presence!: string;

  /** RFC 3339; null: it was never heard of since the hub started */
  lastContact!: string | null;
}

/** What is kept of a device while its alarm is up. */
interface Alarm {
  /** as its first message told it */
  readonly silentSince: string | null;
  readonly raisedAt: string;
}

const CHANNEL = 'alarms/presence';

/**
 * Raises an alarm when a device has been offline for some minutes, once, and clears it when the device is back. The time runs
 * on a durable timer, and the alarm is kept in the hub: both survive a restart.
 */
@LogicServer({
  name: 'presence-alarm',
  version: '1.0.0',
  config: PresenceAlarmConfig,
  grants: { publish: [CHANNEL], state: '64m' },
})
export class PresenceAlarm {
  constructor(private readonly config: PresenceAlarmConfig) {}

  @OnEvent('devices/+/events/$presence', PresenceChange)
  async watch({ device, data, publishedAt }: DeviceEvent<PresenceChange>, turn: Turn) {
    const { presence, lastContact } = data;
    const kept = turn.state.for(device);
    const alarm = await kept.get<Alarm>('alarm');
    switch (presence) {
      case 'late':
        return turn.skip('it may come yet');
      case 'offline':
        if (alarm) return turn.skip('its alarm is up already');
        return turn.timers.set('offline', `${this.config.minutes}m`, device, { data: lastContact });
      default:
        turn.timers.cancel('offline');
        if (!alarm) return;
        kept.delete('alarm');
        turn.publish(CHANNEL, { device, alarm: 'cleared', ...alarm, clearedAt: isoTime(publishedAt) });
    }
  }

  @OnTimer('offline')
  raise({ key: device, data, dueAt }: Timer, turn: Turn) {
    const alarm: Alarm = { silentSince: data as string | null, raisedAt: isoTime(dueAt) };
    turn.state.for(device).set('alarm', alarm);
    turn.publish(CHANNEL, { device, alarm: 'offline', ...alarm });
  }
}

function isoTime(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
