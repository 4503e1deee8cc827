import { describe, expect, it } from 'vitest';
import { add, resourceOf, stoppedBy } from '../synth.ts';

const broken = (breakIt: Parameters<typeof stoppedBy>[1]) => stoppedBy('doors-ask-who-it-is', breakIt);
const lets = (name: string) => `its ${name} lets in whoever comes`;

describe('doors-ask-who-it-is', () => {
  it("names the operators' door once it asks nobody", () => {
    expect(
      broken((stack) => resourceOf(stack, 'OperatorDoor/Url').addPropertyOverride('AuthType', 'NONE')),
    ).toEqual([`OperatorDoor/Url/Resource: ${lets('AuthType')}`]);
  });

  it.each([
    ['a function that anybody may invoke', 'Lambda::Permission', { Principal: '*' }, 'Principal'],
    [
      'one that anybody of an organization may invoke',
      'Lambda::Permission',
      { Principal: '*', PrincipalOrgID: 'o-1234567890' },
      'Principal',
    ],
    [
      'a permission for URLs without authentication',
      'Lambda::Permission',
      { Principal: '111122223333', FunctionUrlAuthType: 'NONE' },
      'FunctionUrlAuthType',
    ],
    ['a method without authorization', 'ApiGateway::Method', {}, 'AuthorizationType'],
    ['a method with none', 'ApiGateway::Method', { AuthorizationType: 'NONE' }, 'AuthorizationType'],
    ['a route without authorization', 'ApiGatewayV2::Route', {}, 'AuthorizationType'],
    ['an API whose routes stand in a text', 'ApiGateway::RestApi', { Body: {} }, 'Body'],
    ['an API that is one open route', 'ApiGatewayV2::Api', { Target: 'arn:aws:lambda:::x' }, 'Target'],
  ])('names %s', (_story, type, properties, member) => {
    expect(broken((stack) => add(stack, `AWS::${type}`, properties))).toEqual([`Broken: ${lets(member)}`]);
  });

  it.each([
    ['ApiGateway::Method', { AuthorizationType: 'CUSTOM' }],
    ['ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' }],
  ])('is silent about a %s that asks', (type, properties) => {
    expect(broken((stack) => add(stack, `AWS::${type}`, properties))).toEqual([]);
  });
});
