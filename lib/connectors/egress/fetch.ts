/** The part of the Fetch standard's `RequestInit` that a connector uses. */
export interface FetchInit {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: URLSearchParams | string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A `fetch` that oauth4webapi takes as its `customFetch`; it rejects with `EgressError` only. */
export type Fetch = (target: string, init?: FetchInit) => Promise<Response>;
