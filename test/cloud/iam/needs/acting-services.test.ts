import { describe, expect, it } from 'vitest';
import {
  assumeBySchedule,
  buryBySchedule,
  drainByMapping,
  invokeByRotation,
  invokeBySchedule,
  runFunction,
  sendByRule,
} from './acting-services.ts';
import { functionOf, one, queue, rule, secrets, stack, verdict } from '../real.ts';
import { account, region } from '../language/statements.ts';

describe('services that act by themselves', () => {
  const signalRule = one('AWS::Events::Rule', 'SignalBus').arn;
  const group = `arn:aws:scheduler:${region}:${account}:schedule-group/default`;
  const schedules = stack.of('AWS::Scheduler::Schedule').map(({ logicalId, properties }) => {
    const { Arn, RoleArn, DeadLetterConfig } = properties['Target'] as {
      readonly Arn: string;
      readonly RoleArn: string;
      readonly DeadLetterConfig: { readonly Arn: string };
    };
    return [logicalId, { Arn, RoleArn, dead: DeadLetterConfig.Arn }] as const;
  });
  const mappings = stack.of('AWS::Lambda::EventSourceMapping').map(({ logicalId, properties }) => {
    const { FunctionName, EventSourceArn } = properties as Readonly<Record<string, string>>;
    const role = stack.of('AWS::Lambda::Function').find(({ name }) => name === FunctionName)?.properties[
      'Role'
    ];
    return [logicalId, String(role), String(EventSourceArn)] as const;
  });

  it.each(['Signals', 'Exhausted'])('EventBridge sends to %s, for our rule and no other', (name) => {
    expect(verdict([sendByRule(signalRule, queue(name).arn)])).toBe('allowed');
    expect(verdict([sendByRule(`${signalRule}-2`, queue(name).arn)])).toBe('sqs:SendMessage: no-allow');
    expect(verdict([sendByRule(signalRule, queue('Plans').arn)])).toBe('sqs:SendMessage: no-allow');
  });

  it.each(schedules)(
    'Scheduler invokes what %s is for, and buries what it gave up',
    (_, { Arn, RoleArn, dead }) => {
      const acts = [
        assumeBySchedule(RoleArn, group),
        invokeBySchedule(RoleArn, Arn),
        buryBySchedule(RoleArn, dead),
      ];
      expect(verdict(acts)).toBe('allowed');
      expect(rule(acts)).toHaveLength(3);
      expect(verdict([assumeBySchedule(RoleArn, `${group}-2`)])).toBe('sts:AssumeRole: no-allow');
      const other = schedules.find(([, schedule]) => schedule.Arn !== Arn)?.[1].Arn ?? '';
      expect(verdict([invokeBySchedule(RoleArn, other)])).toBe('lambda:InvokeFunction: no-allow');
    },
  );

  it.each(mappings)('Lambda drains the queue of %s', (_, role, queueArn) => {
    expect(verdict(drainByMapping(role, queueArn))).toBe('allowed');
    expect(verdict(drainByMapping(role, queue('Rejected').arn))).toBe('sqs:ReceiveMessage: no-allow');
  });

  it('Secrets Manager invokes the function that rotates, and no other', () => {
    const arn = secrets['rescind/client/acme/key']?.arn ?? '';
    expect(verdict([invokeByRotation(functionOf('RotateSecret').arn, arn)])).toBe('allowed');
    expect(verdict([invokeByRotation(functionOf('Operate').arn, arn)])).toBe(
      'lambda:InvokeFunction: no-allow',
    );
    const elsewhere = arn.replace(account, '999999999999');
    expect(verdict([invokeByRotation(functionOf('RotateSecret').arn, elsewhere)])).toBe(
      'lambda:InvokeFunction: no-allow',
    );
  });

  it.each(stack.of('AWS::Lambda::Function').map(({ logicalId }) => logicalId))(
    'Lambda runs %s by its role, which writes its log and its trace',
    (logicalId) => {
      const { name, properties } = one('AWS::Lambda::Function', logicalId);
      const { LogGroup } = properties['LoggingConfig'] as { readonly LogGroup: string };
      const group = stack.of('AWS::Logs::LogGroup').find((found) => found.name === LogGroup)?.arn ?? '';
      const roleArn = String(properties['Role']);
      expect(rule(runFunction({ roleArn, name }, group)).map(({ decision }) => decision.allowed)).toEqual([
        true,
        true,
        true,
        true,
        true,
      ]);
      const elsewhere = group.replace(LogGroup, 'another');
      expect(verdict(runFunction({ roleArn, name }, elsewhere))).toBe('logs:CreateLogStream: no-allow');
    },
  );
});
