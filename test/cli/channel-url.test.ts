import { describe, expect, it } from '@jest/globals';
import { channelUrl } from '../../src/cli/channel-url.js';

describe('the URL of a channel', () => {
  it.each([
    ['http://127.0.0.1:8080', 'demo', 'http://127.0.0.1:8080/pub?id=demo'],
    ['http://127.0.0.1:8080/', 'demo', 'http://127.0.0.1:8080/pub?id=demo'],
    ['https://hub.example', 'devices/fan-1/commands', 'https://hub.example/pub?id=devices/fan-1/commands'],
    ['http://hub/my/location', 'demo', 'http://hub/my/location?id=demo'],
    ['http://hub/?key=1#top', 'demo', 'http://hub/pub?key=1&id=demo'],
  ])('of hub %s and channel %s is %s', (hub, channel, url) => {
    expect(channelUrl(hub, 'publish', channel).href).toBe(url);
  });

  it('uses the usual subscriber location for subscribing', () => {
    expect(channelUrl('http://hub', 'subscribe', 'demo').pathname).toBe('/sub');
  });

  it.each([
    ['a b', 'a%20b'],
    ['a&b=c#d', 'a%26b=c%23d'],
    ['größe', 'gr%C3%B6%C3%9Fe'],
    ['%C3%A9', '%C3%A9'],
    ['a+b', 'a+b'],
  ])('keeps the id %p as it is written, as far as a URL can hold it', (channel, written) => {
    expect(channelUrl('http://hub', 'publish', channel).search).toBe(`?id=${written}`);
  });

  it.each(['127.0.0.1:8080', 'ftp://hub', 'hub', ''])('refuses %p', (hub) => {
    expect(() => channelUrl(hub, 'publish', 'demo')).toThrow('is not a URL such as http://127.0.0.1:8080');
  });
});
