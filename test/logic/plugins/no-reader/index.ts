import { LogicServer } from 'signalbox/plugin';

@LogicServer({ name: 'mute', version: '1.0.0' })
export default class Mute {}
