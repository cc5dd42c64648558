import { Module } from '@nestjs/common';
import { FleetRollout } from './fleet-rollout.js';

/** What the hub loads. */
@Module({ providers: [FleetRollout] })
export default class FleetRolloutModule {}
