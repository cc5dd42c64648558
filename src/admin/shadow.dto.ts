import type { ShadowDifference as Difference } from '../logic/plugin-status.js';
import { ApiProperty } from './documented.dto.js';
import { ShadowState } from './plugin.dto.js';

const KINDS: readonly Difference['is'][] = ['missing', 'extra', 'changed', 'moved'];

/** A command that one of the two versions sent. */
export class ComparedCommand {
  @ApiProperty({ format: 'date-time', description: 'When its turn was done.', example: '2026-11-25T12:10:14.000Z' })
  at!: string;

  @ApiProperty({ description: 'Anything that JSON can say.', example: { on: true } })
  params!: unknown;

  @ApiProperty({ description: 'The method that asked for it.', example: 'thermostat.regulate' })
  handler!: string;

  @ApiProperty({
    description: 'What that was called for.',
    example: 'event devices/fan-1/events/temperature 1795421814:0',
  })
  by!: string;
}

/** Something that the candidate version does otherwise. */
export class ShadowDifference {
  @ApiProperty({
    enum: KINDS,
    description: 'What it does with the command: not send it, send it too, otherwise, elsewhere.',
  })
  is!: Difference['is'];

  @ApiProperty({ format: 'date-time', description: 'When it was found.', example: '2026-11-25T12:10:24.000Z' })
  at!: string;

  @ApiProperty({ description: 'The device.', example: 'fan-1' })
  device!: string;

  @ApiProperty({ description: "The command's name.", example: 'fan.set' })
  name!: string;

  @ApiProperty({ type: () => ComparedCommand, nullable: true, description: 'As the plugin sent it; null: it did not.' })
  live!: ComparedCommand | null;

  @ApiProperty({
    type: () => ComparedCommand,
    nullable: true,
    description: 'As the candidate would have; null: it would not.',
  })
  shadow!: ComparedCommand | null;
}

export class ShadowReport extends ShadowState {
  @ApiProperty({ type: [ShadowDifference], description: 'The last 100, the newest first.' })
  differences!: ShadowDifference[];
}
