import { createRequire } from 'node:module';
import { AwsError } from '../../../service.ts';
import type { Item } from './item.ts';
import { validationRefusal } from './refusals.ts';
import type { Table } from './table.ts';

// dynalite has no types: this file declares the slice that is used and is the only one that loads it.

type Callback<T> = (error: Error | null, value?: T) => void;

/** dynalite's name of an operation that it has. */
export type ActionName =
  | 'batchGetItem'
  | 'batchWriteItem'
  | 'createTable'
  | 'deleteItem'
  | 'deleteTable'
  | 'describeTable'
  | 'getItem'
  | 'listTables'
  | 'putItem'
  | 'query'
  | 'scan'
  | 'updateItem';

/** The items of one table, or the entries of one index, as dynalite's actions use them. */
export interface SubStore {
  lock(key: string, run: (release: <T>(callback: T) => T) => void): void;
  get(key: string, callback: Callback<Item>): void;
  put(key: string, value: Item, callback: Callback<void>): void;
  del(key: string, callback: Callback<void>): void;
}

/** What dynalite's writing actions need of a store. */
export interface ActionStore {
  readonly options: object;
  getTable(name: string, callback: Callback<Table>): void;
  getItemDb(table: string): SubStore;
  getIndexDb(kind: 'Local' | 'Global', table: string, index: string): SubStore;
}

/** One row to put or to delete, with its full key. */
export type Row =
  | { readonly type: 'put'; readonly key: string; readonly value: Item }
  | { readonly type: 'del'; readonly key: string };

/** dynalite's store: tables, items and index entries, all rows of one LevelDB in memory. */
export interface Store extends ActionStore {
  readonly db: {
    batch(rows: Row[], callback: Callback<void>): void;
    values(range: { gte: string; lt: string }): { all(): Promise<Item[]> };
    close(callback: Callback<void>): void;
  };
}

/** dynalite's description of the members of a request. */
export type RequestTypes = Readonly<Record<string, unknown>>;

interface Validation {
  readonly types: RequestTypes;
  readonly custom?: (data: object, store: object) => string | null | undefined;
}

interface Validations {
  checkTypes(data: object, types: RequestTypes): object;
  checkValidations(data: object, types: RequestTypes, custom: Validation['custom'], store: object): void;
}

interface Database {
  create(options: object): Store;
  validateItem(item: Item, table: Table): Error | null | undefined;
  validateKey(key: Item, table: Table): Error | null | undefined;
  createKey(item: Item, table: Table): string;
  checkConditional(request: object, existing: Item | undefined): Error | null | undefined;
  itemSize(item: Item): number;
}

interface RefusalBody {
  readonly __type: string;
  readonly message?: string;
  readonly Message?: string;
}

type Action = (store: object, data: object, callback: Callback<object>) => void;

const load = createRequire(import.meta.url) as (path: string) => unknown;
const database = load('dynalite/db') as Database;
const validations = load('dynalite/validations') as Validations;
const actionOf = (name: ActionName) => load(`dynalite/actions/${name}`) as Action;
const validationOf = (name: ActionName) => load(`dynalite/validations/${name}`) as Validation;

/** An empty store; a table is active a moment after it was created. */
export function openStore(): Store {
  return database.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
}

/** How dynalite describes the members of a request for `name`. */
export function requestTypes(name: ActionName): RequestTypes {
  return validationOf(name).types;
}

/** Checks members and values against `types` and gives a copy that holds only known members. */
export function checkRequest<T>(input: object, types: RequestTypes, store: Store): T {
  return translated(() => {
    // checkTypes deletes from what it is given
    const data = validations.checkTypes(structuredClone(input), types);
    validations.checkValidations(data, types, undefined, store);
    return data as T;
  });
}

/** The checks beyond shape: parses the expressions of `request` and leaves them in it for the action. */
export function checkExpressions(name: ActionName, request: object, store: Store): void {
  const complaint = validationOf(name).custom?.(request, store);
  if (complaint) throw validationRefusal(complaint);
}

/** Runs one of dynalite's actions on a request that was checked. */
export async function runAction<T>(name: ActionName, store: ActionStore, request: object): Promise<T> {
  return (await promised<object>((callback) => actionOf(name)(store, request, callback))) as T;
}

/** Throws ResourceNotFoundException when the table is not there, or not there yet. */
export async function readTable(store: Store, name: string): Promise<Table> {
  const table = await promised<Table>((callback) => store.getTable(name, callback));
  if (!table) throw new Error(`dynalite gave no table for ${name}`);
  return table;
}

/** The committed item; `key` is what `storedKey` gave. */
export async function readItem(store: Store, table: string, key: string): Promise<Item | undefined> {
  return promised<Item>((callback) => store.getItemDb(table).get(key, callback));
}

/** Writes all rows or none; a reader sees all of them or none. */
export async function writeRows(store: Store, rows: readonly Row[]): Promise<void> {
  await promised<void>((callback) => store.db.batch([...rows], callback));
}

/** Every committed item of a table. */
export async function readWholeTable(store: Store, table: string): Promise<readonly Item[]> {
  // rows of the table start with this and a tilde; the character after the tilde ends them
  const rows = itemRow(table, '').slice(0, -1);
  return store.db.values({ gte: `${rows}~`, lt: `${rows}\x7f` }).all();
}

/** Ends the store; its rows are gone. */
export async function closeStore(store: Store): Promise<void> {
  await promised<void>((callback) => store.db.close(callback));
}

/** Checks a key, or the key inside an item, against the table and gives the key that the store uses. */
export function storedKey(target: { readonly Item?: Item; readonly Key?: Item }, table: Table): string {
  const { Item: item, Key: key = {} } = target;
  const complaint = item ? database.validateItem(item, table) : database.validateKey(key, table);
  if (complaint) throw asRefusal(complaint);
  return database.createKey(item ?? key, table);
}

/** Throws ConditionalCheckFailedException when the request's condition does not hold for the item. */
export function checkCondition(request: object, existing: Item | undefined): void {
  const complaint = database.checkConditional(request, existing);
  if (complaint) throw asRefusal(complaint);
}

/** Size of an item as DynamoDB counts it. dynalite counts UTF-16 units where DynamoDB counts UTF-8 bytes. */
export function itemBytes(item: Item): number {
  return database.itemSize(item);
}

/** dynalite's name of the row that holds an item. */
export function itemRow(table: string, key: string): string {
  return `item-${table}~${key}`;
}

/** dynalite's name of the row that holds an index entry. */
export function indexRow(kind: 'Local' | 'Global', table: string, index: string, key: string): string {
  return `index-${kind.toLowerCase()}~${table}~${index}~${key}`;
}

async function promised<T>(start: (callback: Callback<T>) => void): Promise<T | undefined> {
  try {
    return await new Promise<T | undefined>((done, fail) => {
      start((error, value) => (error ? fail(error) : done(value)));
    });
  } catch (error) {
    throw asRefusal(error);
  }
}

function translated<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw asRefusal(error);
  }
}

// dynalite throws errors that carry the answer's body; anything else is a fault of ours or of its own
function asRefusal(error: unknown): unknown {
  const { statusCode, body } = error as { statusCode?: number; body?: RefusalBody };
  if (statusCode === undefined || body === undefined) return error;
  const message = body.message ?? body.Message ?? '';
  return new AwsError(body.__type, asAwsSays(message), { statusCode });
}

// the words that DynamoDB uses since it takes empty strings outside of keys
function asAwsSays(message: string): string {
  const emptyKey =
    /^One or more parameter values were invalid: (The AttributeValue for a key attribute cannot .*)$/;
  return message.replace(emptyKey, 'One or more parameter values are not valid. $1');
}
