import { ApiProperty } from '@nestjs/swagger';

export class Health {
  @ApiProperty({ enum: ['ok'] })
  status!: 'ok';
}

export class Ready {
  @ApiProperty({ enum: ['ready'] })
  status!: 'ready';
}
