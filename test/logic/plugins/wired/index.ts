import { type DynamicModule, forwardRef, Inject, Injectable, Module } from '@nestjs/common';
import { IsString } from 'class-validator';
import { type DeviceEvent, LogicServer, OnEvent, type Turn } from 'signalbox/plugin';

export class Names {
  @IsString()
  prefix = 'hello';
}

@Injectable()
class Greeting {
  constructor(private readonly names: Names) {}

  to(device: string): string {
    return `${this.names.prefix} ${device}`;
  }
}

@Module({ providers: [Greeting], exports: [Greeting] })
class GreetingModule {}

/** Gets a provider of another module, and a value by its token. */
@LogicServer({
  name: 'greeter',
  version: '3.1.0',
  config: Names,
  grants: { command: [{ device: '#', names: ['greet'] }] },
})
class Greeter {
  constructor(
    private readonly greeting: Greeting,
    @Inject('mark') private readonly mark: string,
  ) {}

  @OnEvent('devices/+/events/reading')
  greet({ device }: DeviceEvent<unknown>, turn: Turn) {
    turn.command(device, 'greet', this.greeting.to(device) + this.mark);
  }
}

/** Provided by its token, in a module that is imported by a forward reference. */
@LogicServer({ name: 'parting', version: '3.1.0', grants: { command: [{ device: '#', names: ['part'] }] } })
class Parting {
  @OnEvent('devices/+/events/parting')
  part({ device }: DeviceEvent<unknown>, turn: Turn) {
    turn.command(device, 'part');
  }
}

@Module({ providers: [{ provide: 'parting', useClass: Parting }], imports: [forwardRef(() => WiredModule)] })
class PartingModule {}

@Module({})
class GreeterModule {
  static with(mark: string): DynamicModule {
    return {
      module: GreeterModule,
      imports: [GreetingModule],
      providers: [Greeter, { provide: 'mark', useValue: mark }],
    };
  }
}

@Module({ imports: [Promise.resolve(GreeterModule.with('!')), forwardRef(() => PartingModule)] })
export default class WiredModule {}
