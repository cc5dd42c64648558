import { IsIn } from 'class-validator';
import { of } from 'rxjs';
import { type DeviceEvent, LogicServer, OnEvent, type Turn } from 'signalbox/plugin';

class Mess {
  @IsIn(['rejects', 'throws', 'subscribes', 'uses its turn'])
  how!: string;
}

/** Leaves things behind that fail once its turn is long over. */
@LogicServer({
  name: 'untidy',
  version: '1.0.0',
  grants: { command: [{ device: '#', names: ['done'] }], publish: ['late'] },
})
export default class Untidy {
  @OnEvent('devices/+/events/mess', Mess)
  leave({ device, data }: DeviceEvent<Mess>, turn: Turn) {
    turn.command(device, 'done', data.how);
    setTimeout(() => fail(data.how, turn), 1);
  }
}

function fail(how: string, turn: Turn): void {
  const error = new Error(`left behind: ${how}`);
  if (how === 'rejects') void Promise.reject(error);
  if (how === 'throws') throw error;
  if (how === 'uses its turn') turn.publish('late', how);
  of(error).subscribe((left) => {
    throw left;
  });
}
