import type { Channel } from '../../channels/channel.js';
import type { Answer } from '../exchange.js';

/** What a publisher is told of its channel. */
export interface ChannelInfo {
  readonly messages: number;
  /** whole seconds since the last subscriber's request, or since the channel was made */
  readonly requested: number;
  readonly subscribers: number;
}

interface InfoFormat {
  render(info: ChannelInfo): string;
}

/** What was told last in plain text: while publishers are busy their channels are nearly always in one state. */
let lastInfo: ChannelInfo = { messages: -1, requested: -1, subscribers: -1 };
let lastText = '';

const plain: InfoFormat = {
  render: (info) => {
    const { messages, requested, subscribers } = info;
    const isLast = messages === lastInfo.messages && requested === lastInfo.requested;
    if (isLast && subscribers === lastInfo.subscribers) return lastText;
    lastInfo = info;
    lastText =
      `queued messages: ${messages}\r\nlast requested: ${requested} sec. ago (-1=never)\r\n` +
      `active subscribers: ${subscribers}`;
    return lastText;
  },
};

const json: InfoFormat = {
  render: (info) =>
    `{"messages": ${info.messages}, "requested": ${info.requested}, "subscribers": ${info.subscribers} }`,
};

const xml: InfoFormat = {
  render: (info) =>
    `<?xml version="1.0" encoding="UTF-8" ?>\r\n<channel>\r\n  <messages>${info.messages}</messages>\r\n` +
    `  <requested>${info.requested}</requested>\r\n  <subscribers>${info.subscribers}</subscribers>\r\n</channel>`,
};

const yaml: InfoFormat = {
  render: (info) =>
    `---\r\nmessages: ${info.messages}\r\nrequested: ${info.requested}\r\nsubscribers: ${info.subscribers}\r\n\r\n`,
};

const PLAIN: Answer['headers'] = [['Content-Type', 'text/plain']];
const formats: Readonly<Record<string, InfoFormat>> = { plain, json, xml, yaml };
const OFFERED = /(text\/plain)|((?:text|application)\/(?:x-)?(json|yaml))|((?:text|application)\/(xml))/;

/** The channel's state in the format that `accept` names first; plain text when it names none. */
export function channelInfo(
  channel: Channel,
  now: number,
  accept: string | undefined,
): Pick<Answer, 'headers' | 'body'> {
  // The sweep may not have come by yet, and nobody is given an expired message.
  channel.log.dropExpired();
  const info = {
    messages: channel.log.length,
    requested: Math.max(0, Math.floor((now - (channel.lastPolledAt ?? channel.createdAt)) / 1000)),
    subscribers: channel.polls.size,
  };
  return infoAnswer(info, accept);
}

export function infoAnswer(info: ChannelInfo, accept: string | undefined): Pick<Answer, 'headers' | 'body'> {
  const { format, contentType } = negotiate(accept);
  return { headers: format === plain ? PLAIN : [['Content-Type', contentType]], body: format.render(info) };
}

/** As NHPM: a text search, case-sensitive, q-values unread, the first of the known types in the header's order. */
function negotiate(accept: string | undefined): { format: InfoFormat; contentType: string } {
  const match = accept ? OFFERED.exec(accept) : null;
  if (!match || match[1]) return { format: plain, contentType: 'text/plain' };
  const format = formats[match[3] ?? match[5] ?? ''] ?? plain;
  return { format, contentType: match[2] ?? match[4] ?? 'text/plain' };
}
