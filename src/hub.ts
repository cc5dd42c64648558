import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { Channels } from './channels/channels.js';
import { type Clock, systemClock } from './channels/clock.js';
import type { Endpoint, HubConfig } from './config/hub-config.js';
import { gatewayAdapter, publicDoorOf } from './gateway/gateway.module.js';
import type { DoorStats } from './gateway/public-door.js';

export interface HubOptions {
  /** where time comes from; the machine's own when left out */
  readonly clock?: Clock;
}

/** A hub that listens. */
export interface RunningHub {
  readonly publicAddress: Endpoint;
  readonly adminAddress: Endpoint;
  readonly channels: Channels;
  /** What passes the door for devices, publishers and subscribers. */
  doorStats(): Promise<DoorStats>;
  /** Stops gracefully: nothing acknowledged is lost, parked polls are answered, at most `limits.stop_timeout` passes. */
  stop(): Promise<void>;
}

/** How often expired messages and idle channels are looked for. */
const SWEEP_MS = 1_000;

/** Builds a hub from its configuration and opens its doors. @throws the system's error when it cannot listen */
export async function startHub(config: HubConfig, { clock = systemClock }: HubOptions = {}): Promise<RunningHub> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, clock),
    gatewayAdapter(config.limits),
    { bodyParser: false, logger: false, abortOnError: false },
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const channels = app.get(Channels);
  const door = publicDoorOf(app, clock, { limits: config.limits, fastLane: config.fastLane });
  const publicAddress = await door.listen(config.listen);
  const stopSweeping = clock.every(SWEEP_MS, () => channels.sweep());
  const stop = async () => {
    stopSweeping();
    await door.stop();
    await app.close();
    await channels.log.close();
  };
  return { publicAddress, adminAddress: config.admin, channels, doorStats: () => door.stats(), stop };
}
