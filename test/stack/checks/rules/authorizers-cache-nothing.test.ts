import { describe, expect, it } from 'vitest';
import { add, stoppedBy } from '../synth.ts';

const adding = (type: string, properties: Record<string, unknown>) =>
  stoppedBy('authorizers-cache-nothing', (stack) => add(stack, type, properties));

describe('authorizers-cache-nothing', () => {
  describe.each(['AWS::ApiGateway::Authorizer', 'AWS::ApiGatewayV2::Authorizer'])('on %s', (type) => {
    it('names one that caches', () => {
      expect(adding(type, { AuthorizerResultTtlInSeconds: 300 })).toEqual([
        'Broken: AuthorizerResultTtlInSeconds 300',
      ]);
    });

    it('names one that leaves it to the default', () => {
      expect(adding(type, {})).toEqual(['Broken: AuthorizerResultTtlInSeconds "not given"']);
    });

    it('is silent about one that states 0', () => {
      expect(adding(type, { AuthorizerResultTtlInSeconds: 0 })).toEqual([]);
    });
  });
});
