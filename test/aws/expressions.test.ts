import { describe, expect, it } from 'vitest';
import { check, placeholders, put, remove, update } from '../../lib/aws/dynamodb/expressions.ts';

describe('placeholders', () => {
  it('lets each name stand for itself, once', () => {
    expect(placeholders(['#state = :from', 'SET #state = :to'], { from: 'a', to: 'b' })).toEqual({
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':from': { S: 'a' }, ':to': { S: 'b' } },
    });
  });

  it('gives nothing where nothing is named', () => {
    expect(placeholders([undefined], {})).toEqual({});
  });

  it('leaves out a value that is not there', () => {
    expect(placeholders(['#a = :a'], { a: 1, b: undefined })).toEqual({
      ExpressionAttributeNames: { '#a': 'a' },
      ExpressionAttributeValues: { ':a': { N: '1' } },
    });
  });
});

describe('actions', () => {
  it('write a row without its absent members', () => {
    expect(put('T', { pk: 'a', gone: undefined })).toEqual({
      Put: { TableName: 'T', Item: { pk: { S: 'a' } } },
    });
  });

  it('carry their condition', () => {
    const condition = { if: '#n = :n', values: { n: 1 } };
    const expected = {
      TableName: 'T',
      ConditionExpression: '#n = :n',
      ExpressionAttributeNames: { '#n': 'n' },
      ExpressionAttributeValues: { ':n': { N: '1' } },
    };
    expect(put('T', { pk: 'a' }, condition).Put).toMatchObject(expected);
    expect(remove('T', { pk: 'a' }, condition).Delete).toMatchObject(expected);
    expect(check('T', { pk: 'a' }, condition).ConditionCheck).toMatchObject(expected);
    expect(update('T', { pk: 'a' }, 'SET #n = :n', condition).Update).toMatchObject(expected);
  });
});
