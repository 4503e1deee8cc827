import type { Rule } from '../rule.ts';
import { ofType } from '../template.ts';

/** API Gateway's default is five minutes in which a dead token is believed. */
export const authorizersCacheNothing: Rule = {
  name: 'authorizers-cache-nothing',
  promise: 'No authorizer of API Gateway believes an earlier answer: each one states 0 seconds',
  remedy:
    'Set resultsCacheTtl to Duration.seconds(0). An authorizer that cannot state it (JWT) asks nobody whether a token is still ' +
    'alive: use a Lambda authorizer',
  find: (resources) =>
    ofType(resources, 'AWS::ApiGateway::Authorizer', 'AWS::ApiGatewayV2::Authorizer')
      .filter(([, { Properties }]) => Properties['AuthorizerResultTtlInSeconds'] !== 0)
      .map(([resource, { Properties }]) => ({
        resource,
        at: 'Properties.AuthorizerResultTtlInSeconds',
        got: `AuthorizerResultTtlInSeconds ${JSON.stringify(Properties['AuthorizerResultTtlInSeconds'] ?? 'not given')}`,
      })),
};
