/** An answer of the hub, read to its end. */
export interface HubAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface HubRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** ms until the request counts as lost, its connection being dead */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The hub answered that it will not do what was asked. */
export class HubRefusal extends Error {
  override readonly name = 'HubRefusal';

  constructor(
    readonly status: number,
    message: string,
    /** ms that the hub asks to wait; undefined: it says nothing */
    readonly retryAfterMs: number | undefined,
  ) {
    super(message);
  }

  /** True when it is the body that the hub does not take, so that sending it again is no use. */
  get isForGood(): boolean {
    return [400, 413, 415, 422].includes(this.status);
  }
}

/** Requests to one hub, each with a time after which it counts as lost. */
export class HubRequests {
  private readonly base: URL;

  constructor(
    hub: string | URL,
    private readonly headers: Readonly<Record<string, string>>,
  ) {
    this.base = new URL(hub);
  }

  /**
   * @param path from the hub's root
   * @throws HubRefusal for 4xx and 5xx, TypeError when there is no connection, DOMException when it took too long or was aborted
   */
  async send(path: string, { method = 'GET', headers, body, timeoutMs, signal }: HubRequest): Promise<HubAnswer> {
    const response = await fetch(new URL(path, this.base), {
      method,
      headers: { ...this.headers, ...headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      ...(body !== undefined && { body }),
    });
    const answer = { status: response.status, headers: response.headers, text: await response.text() };
    if (answer.status >= 400) throw refusalOf(answer, path);
    return answer;
  }
}

function refusalOf({ status, headers, text }: HubAnswer, path: string): HubRefusal {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const retryAfterMs = seconds >= 0 ? seconds * 1000 : undefined;
  return new HubRefusal(status, `The hub answered ${status} at ${path.split('?')[0]}: ${detailOf(text)}`, retryAfterMs);
}

/** The sentence of problem details, or the text itself. */
function detailOf(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    if (typeof detail === 'string') return detail;
  } catch {
    // Plain text, as locations answer it.
  }
  return text.trim().slice(0, 500) || 'it said nothing.';
}
