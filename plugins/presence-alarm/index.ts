import { Module } from '@nestjs/common';
import { PresenceAlarm } from './presence-alarm.js';

/** What the hub loads. */
@Module({ providers: [PresenceAlarm] })
export default class PresenceAlarmModule {}
