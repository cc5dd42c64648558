import type { Fault } from './fault.js';
import {
  CHANNEL_PATTERN,
  COMMAND_NAME,
  CommandGrantKeys,
  EVENT_PATTERN,
  GrantKeys,
  type ItemRule,
  JobGrantKeys,
  LogicServerKeys,
  TURN_NAME,
} from './keys/logic-server-keys.js';
import { type Entries, type Entry, faultAt, itemsOf, membersOf } from './sources/entry.js';
import { readSection, type WrittenSection } from './written-section.js';

/** An entry of `logic_servers`. */
export interface WrittenLogicServer extends WrittenSection<LogicServerKeys> {
  readonly entry: Entry;
  readonly lists: Readonly<Record<'events' | 'outcomes' | 'timers' | 'outbox' | 'publish', readonly string[]>>;
  readonly grants: WrittenSection<GrantKeys>;
  readonly commands: readonly WrittenGrant<CommandGrantKeys>[];
  readonly jobs: readonly WrittenGrant<JobGrantKeys>[];
}

/** An item of `grants.command` or `grants.jobs`. */
export interface WrittenGrant<Keys> {
  readonly keys: Keys;
  readonly names: readonly string[];
}

/** Reads an entry with all that stands in it; lists with a wrong item are among the `faulty`. */
export function readLogicServer(entry: Entry, faults: Fault[]): WrittenLogicServer {
  const members = membersOf(entry, faults);
  const section = readSection(LogicServerKeys, members, faults);
  const grants = membersOf(members.get('grants'), faults);
  const faulty = new Set(section.faulty);
  const list = (from: Entries, key: string, rule: ItemRule) => {
    const before = faults.length;
    const items = textsOf(from.get(key), rule, faults);
    if (faults.length > before) faulty.add(key);
    return items;
  };
  const lists = {
    events: list(members, 'events', EVENT_PATTERN),
    outcomes: list(members, 'outcomes', COMMAND_NAME),
    timers: list(members, 'timers', TURN_NAME),
    outbox: list(members, 'outbox', TURN_NAME),
    publish: list(grants, 'publish', CHANNEL_PATTERN),
  };
  const commands = readGrants(CommandGrantKeys, grants.get('command'), faults);
  const jobs = readGrants(JobGrantKeys, grants.get('jobs'), faults);
  return { ...section, faulty, entry, lists, grants: readSection(GrantKeys, grants, faults), commands, jobs };
}

function readGrants<Keys extends object>(
  KeyClass: new () => Keys,
  list: Entry | undefined,
  faults: Fault[],
): readonly WrittenGrant<Keys>[] {
  return itemsOf(list, faults).map((item) => readGrant(KeyClass, item, faults));
}

function readGrant<Keys extends object>(KeyClass: new () => Keys, entry: Entry, faults: Fault[]): WrittenGrant<Keys> {
  const members = membersOf(entry, faults);
  const { keys } = readSection(KeyClass, members, faults, entry);
  const names = textsOf(members.get('names'), COMMAND_NAME, faults);
  const missing = 'A list of names of commands is allowed, or ["*"] for all.';
  if (!members.has('names')) {
    faults.push({ ...faultAt(entry, `It is missing. ${missing}`), key: `${entry.key}.names`, value: undefined });
  } else if (members.get('names')?.items?.length === 0) {
    faults.push(faultAt(members.get('names') as Entry, missing));
  }
  return { keys, names };
}

/** The items of a list that are as the rule wants them; a fault for each other one, and for each that stands twice. */
function textsOf(list: Entry | undefined, { pattern, sentence }: ItemRule, faults: Fault[]): readonly string[] {
  const texts = new Set<string>();
  for (const item of itemsOf(list, faults)) {
    if (typeof item.value !== 'string' || !pattern.test(item.value)) faults.push(faultAt(item, sentence));
    else if (texts.has(item.value)) faults.push(faultAt(item, 'It stands in the list twice.'));
    else texts.add(item.value);
  }
  return [...texts];
}
