import { describe, expect, it } from '@jest/globals';
import { nearest } from '../../src/config/nearest.js';

const KEYS = ['store_messages', 'message_timeout', 'maxBodySize', 'max_message_buffer_length', 'path', 'gzip'];

describe('The nearest of the known words', () => {
  it.each([
    ['store_message', 'store_messages'],
    ['storeMessages', 'store_messages'],
    ['push_store_messages', 'store_messages'],
    ['message-timeout', 'message_timeout'],
    ['max_body_size', 'maxBodySize'],
    ['message_tiemout', 'message_timeout'],
    ['max_mesage_bufer_length', 'max_message_buffer_length'],
    ['paht', undefined],
    ['pat', 'path'],
    ['GZIP', 'gzip'],
    ['zip', 'gzip'],
    ['', undefined],
    ['colour', undefined],
    ['x'.repeat(100_000), undefined],
  ])('to %.40s is %s', (word, expected) => {
    expect(nearest(word, KEYS)).toBe(expected);
  });

  it('is the nearer one of two', () => {
    expect(nearest('max_channel', ['max_channel_ids', 'max_channels'])).toBe('max_channels');
  });
});
