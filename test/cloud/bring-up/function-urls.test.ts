import { describe, expect, it } from 'vitest';
import { makeFunctionUrls } from './function-urls.ts';
import type { Resource, Stack } from '../cloudformation/read-stack.ts';
import type { LocalCredentials } from '../overrides.ts';
import type { Invocation } from '../services/lambda/lambda.ts';
import { signed, type WireRequest } from '../services/function-url/signer.ts';
import { send as sendOnWire } from '../services/function-url/rig.ts';
import { startToyWorld } from './toy-world.ts';

/** Says who called over the URL, or, invoked without one, what keys it has. */
const operate = `export const handler = async ({ requestContext }) => requestContext
  ? requestContext.authorizer.iam
  : { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY };`;

const url = {
  Type: 'AWS::Lambda::Url',
  Properties: { AuthType: 'AWS_IAM', TargetFunctionArn: { 'Fn::GetAtt': ['operate', 'Arn'] } },
};
const output = { RescindOperateUrl: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } } };

const newWorld = async () => {
  const world = await startToyWorld({ operate }, { Url: url }, output);
  const request: WireRequest = {
    method: 'POST',
    url: world.environment['RESCIND_OPERATE_URL'] ?? '',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  };
  const send = async (wire: WireRequest) => {
    const answer = await sendOnWire(wire);
    return { status: answer.status, body: JSON.parse(answer.body) as Record<string, unknown> };
  };
  const sendAs = async (who: LocalCredentials) =>
    send(await signed(request, { ...who, at: world.clock.now() }));
  return { world, request, send, sendAs };
};

describe('the URL of a function in the template', () => {
  it('is what the output says, and tells the function which user signed', async () => {
    const { world, sendAs } = await newWorld();
    const alice = await sendAs(world.admit('alice'));
    expect(alice).toMatchObject({
      status: 200,
      body: {
        accessKey: world.admit('alice').accessKeyId,
        accountId: '000000000000',
        userArn: 'arn:aws:iam::000000000000:user/alice',
        userId: expect.stringMatching(/^AIDA[0-9A-F]{17}$/),
      },
    });
    const bob = await sendAs(world.admit('bob'));
    expect(bob.body['userArn']).toBe('arn:aws:iam::000000000000:user/bob');
    expect(bob.body['userId']).not.toBe(alice.body['userId']);
  });

  it('is forbidden to whoever does not sign, or signs with a key that nobody has', async () => {
    const { request, send, sendAs } = await newWorld();
    expect(await send(request)).toMatchObject({ status: 403 });
    expect(await sendAs({ accessKeyId: 'LOCAL-mallory', secretAccessKey: 'local' })).toMatchObject({
      status: 403,
    });
  });

  it('is forbidden to the functions of the stack, the function itself among them', async () => {
    const { world, sendAs } = await newWorld();
    const own = await world.lambda.invoke(world.stack.of('AWS::Lambda::Function')[0]?.arn ?? '', {});
    const refused = await sendAs(keysIn(own));
    expect(refused.status).toBe(403);
    expect(refused.body['Message']).toMatch(/^Forbidden/);
  });

  it('cannot be called by one who takes the name of a function', async () => {
    const { world } = await newWorld();
    expect(() => world.admit('operate')).toThrow(
      'operate cannot be arn:aws:iam::000000000000:user/operate: ' +
        'arn:aws:sts::000000000000:assumed-role/toys/operate has its keys. Give it another name.',
    );
  });

  it('is gone with the world', async () => {
    const { world, request } = await newWorld();
    await world.close();
    await expect(fetch(request.url)).rejects.toThrow('fetch failed');
  });
});

describe('a URL is refused', () => {
  const arn = 'arn:aws:lambda:eu-west-1:000000000000:function:operate';
  const made = (properties: Record<string, unknown>, target = arn) => {
    const of = (type: string, at: string): Resource => ({
      logicalId: 'It',
      type,
      name: 'operate',
      arn: at,
      properties: { TargetFunctionArn: at, ...properties },
    });
    const resources = [of('AWS::Lambda::Url', target), of('AWS::Lambda::Function', arn)];
    const stack: Stack = {
      resources,
      outputs: {},
      of: (type) => resources.filter((one) => one.type === type),
    };
    const opened: object[] = [];
    const functionUrls = {
      listen: async () => {},
      urlOf: (name: string) => name,
      createUrl: (settings: { readonly functionName: string }) => {
        opened.push(settings);
        return settings.functionName;
      },
      close: async () => {},
    };
    makeFunctionUrls(stack, { functionUrls });
    return opened;
  };

  it.each([
    ['without IAM', { AuthType: 'NONE' }, /^It: the local cloud knows no URL without IAM: .*, not NONE$/],
    ['that streams', { AuthType: 'AWS_IAM', InvokeMode: 'RESPONSE_STREAM' }, 'InvokeMode must be BUFFERED'],
    ['with cross-origin settings', { AuthType: 'AWS_IAM', Cors: {} }, 'Cors'],
    ['of an alias', { AuthType: 'AWS_IAM', Qualifier: 'live' }, 'Qualifier'],
  ])('%s', (_, properties, words) => {
    expect(() => made(properties)).toThrow(words);
  });

  it('of a function that is not in the template', () => {
    expect(() => made({ AuthType: 'AWS_IAM' }, `${arn}-2`)).toThrow('not in the template');
  });

  it('and else is opened', () => {
    const opened = [{ functionName: 'operate', functionArn: arn }];
    expect(made({ AuthType: 'AWS_IAM' })).toEqual(opened);
    expect(made({ AuthType: 'AWS_IAM', InvokeMode: 'BUFFERED' })).toEqual(opened);
  });
});

function keysIn(outcome: Invocation): LocalCredentials {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.payload as LocalCredentials;
}
