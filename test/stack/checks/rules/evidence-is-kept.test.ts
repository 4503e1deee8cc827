import { RemovalPolicy } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { add, resourceOf, stoppedBy } from '../synth.ts';

const broken = (breakIt: Parameters<typeof stoppedBy>[1]) => stoppedBy('evidence-is-kept', breakIt);

describe('evidence-is-kept', () => {
  it.each(['Ledger/Table/Resource', 'LedgerKey/Key/Resource', 'HandleKey/Secret', 'Operate/Logs/Resource'])(
    'names %s once a deploy may destroy it',
    (path) => {
      expect(broken((stack) => resourceOf(stack, path).applyRemovalPolicy(RemovalPolicy.DESTROY))).toEqual([
        `${path}: DeletionPolicy "Delete"`,
        `${path}: UpdateReplacePolicy "Delete"`,
      ]);
    },
  );

  it('takes silence for destruction', () => {
    expect(broken((stack) => add(stack, 'AWS::Logs::LogGroup', {}))).toEqual([
      'Broken: DeletionPolicy "not given"',
      'Broken: UpdateReplacePolicy "not given"',
    ]);
  });

  it.each(['DeletionProtectionEnabled', 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled'])(
    'asks %s of a table',
    (member) => {
      expect(broken((stack) => resourceOf(stack, 'Fences/Table').addPropertyOverride(member, false))).toEqual(
        [`Fences/Table/Resource: ${member} is not true`],
      );
    },
  );

  it('asks it of each replica of a global table', () => {
    const replica = {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    };
    const found = (...Replicas: object[]) =>
      broken((stack) =>
        add(stack, 'AWS::DynamoDB::GlobalTable', { Replicas }).applyRemovalPolicy(RemovalPolicy.RETAIN),
      );
    expect(found(replica, { ...replica, DeletionProtectionEnabled: false })).toEqual([
      'Broken: DeletionProtectionEnabled is not true',
    ]);
    expect(found(replica, replica)).toEqual([]);
  });
});
