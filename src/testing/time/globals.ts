import { promisify } from 'node:util';
import type { Clock } from '../../channels/clock.js';
import { VirtualTimer } from './virtual-timer.js';

/** What stands for Node's timers in a part of the process. */
export interface TimerWorld {
  readonly clock: Clock;
  /** callbacks that the event loop will call in its next turn */
  pendingImmediates: number;
  timeout(call: () => void, ms: number): VirtualTimer;
  interval(call: () => void, ms: number): VirtualTimer;
}

type FindWorld = () => TimerWorld | undefined;
type Call = (...args: unknown[]) => void;
type Names =
  | 'Date'
  | 'setTimeout'
  | 'clearTimeout'
  | 'setInterval'
  | 'clearInterval'
  | 'setImmediate'
  | 'clearImmediate';
type Globals = Record<Names, unknown>;

let users = 0;
let restore = () => {};

/**
 * Lets the timers and the `Date` of this process ask which world they are called in; outside of all they are Node's own.
 * @returns ends it for this caller; the last one puts Node's own back
 */
export function installGlobals(find: FindWorld): () => void {
  if (users++ === 0) restore = replace(find);
  return () => {
    if (--users === 0) restore();
  };
}

function replace(find: FindWorld): () => void {
  const all = globalThis as unknown as Globals;
  const own = { ...timersOf(find), ...immediatesOf(find), Date: dateOf(find) };
  const before = Object.entries(own).map(([name, value]) => {
    const was = all[name as Names];
    all[name as Names] = value;
    return { name: name as Names, value, was };
  });
  return () => {
    // Somebody else may have replaced them meanwhile, and puts back what he found.
    for (const { name, value, was } of before) if (all[name] === value) all[name] = was;
  };
}

function timersOf(find: FindWorld): Omit<Globals, 'Date' | 'setImmediate' | 'clearImmediate'> {
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
  const clear = (real: (timer: unknown) => void) => (timer: unknown) => {
    if (timer instanceof VirtualTimer) timer.close();
    else real(timer);
  };
  const timeout = (call: Call, ms?: number, ...args: unknown[]) =>
    find()?.timeout(() => call(...args), ms ?? 1) ?? setTimeout(call, ms, ...args);
  return {
    setTimeout: withPromise(
      timeout,
      (ms: number, value: unknown) => new Promise((resolve) => timeout(resolve as Call, ms, value)),
    ),
    setInterval: (call: Call, ms?: number, ...args: unknown[]) =>
      find()?.interval(() => call(...args), ms ?? 1) ?? setInterval(call, ms, ...args),
    clearTimeout: clear(clearTimeout as (timer: unknown) => void),
    clearInterval: clear(clearInterval as (timer: unknown) => void),
  };
}

/** What waits for the event loop's next turn stays with Node, and is counted: until it has run, nothing has settled. */
function immediatesOf(find: FindWorld): Pick<Globals, 'setImmediate' | 'clearImmediate'> {
  const { setImmediate, clearImmediate } = globalThis;
  const counted = new Map<unknown, TimerWorld>();
  const uncount = (immediate: unknown) => {
    const world = counted.get(immediate);
    if (world) world.pendingImmediates--;
    counted.delete(immediate);
  };
  const soon = (call: Call, ...args: unknown[]) => {
    const world = find();
    if (!world) return setImmediate(call, ...args);
    const immediate = setImmediate(() => {
      uncount(immediate);
      call(...args);
    });
    world.pendingImmediates++;
    counted.set(immediate, world);
    return immediate;
  };
  return {
    setImmediate: withPromise(soon, (value: unknown) => new Promise((resolve) => soon(resolve as Call, value))),
    clearImmediate: (immediate: NodeJS.Immediate | undefined) => {
      uncount(immediate);
      clearImmediate(immediate);
    },
  };
}

/** `util.promisify` asks a timer for its form as a promise. */
function withPromise<F extends object, A extends unknown[]>(timer: F, later: (...args: A) => Promise<unknown>): F {
  return Object.assign(timer, { [promisify.custom]: later });
}

function dateOf(find: FindWorld): unknown {
  const RealDate = globalThis.Date;
  const now = (): number => find()?.clock.now() ?? RealDate.now();
  return new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}
