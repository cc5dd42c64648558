import { ApiProperty } from './documented.dto.js';

export class Health {
  @ApiProperty({ description: 'Always this.', enum: ['ok'] })
  status!: 'ok';
}

export class Ready {
  @ApiProperty({ description: 'Always this.', enum: ['ready'] })
  status!: 'ready';
}
