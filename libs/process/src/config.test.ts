import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, defineConfig } from './config.ts';

const definition = defineConfig(
  z.object({
    modelBundle: z.string().optional(),
    queueLimit: z.coerce.number().int().min(1).max(64).default(8),
    natsUrl: z.string().meta({ env: 'NATS_URL' }).default('nats://127.0.0.1:4222'),
    enhance: z.stringbool().default(true),
  }),
);

describe('defineConfig', () => {
  it('reads each setting from its variable, in its type', () => {
    const environment = {
      ATELIER_MODEL_BUNDLE: 'bundles/other',
      ATELIER_QUEUE_LIMIT: '16',
      NATS_URL: 'nats://n:1',
      ATELIER_ENHANCE: 'off',
    };
    expect(definition.load(environment)).toEqual({
      modelBundle: 'bundles/other',
      queueLimit: 16,
      natsUrl: 'nats://n:1',
      enhance: false,
    });
  });

  it('takes unset and empty variables as the default', () => {
    expect(definition.load({ ATELIER_QUEUE_LIMIT: '' })).toEqual({
      queueLimit: 8,
      natsUrl: 'nats://127.0.0.1:4222',
      enhance: true,
    });
  });

  it('lists all bad variables by name and repeats no value', () => {
    const load = () => definition.load({ ATELIER_QUEUE_LIMIT: '65', ATELIER_ENHANCE: 'hunter2' });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(/ATELIER_QUEUE_LIMIT: .*64[\s\S]*ATELIER_ENHANCE: /);
    expect(load).not.toThrow(/hunter2/);
  });
});
