interface KnownRoute {
  readonly pattern: RegExp;
  readonly methods: string[];
}

/** The URLs of the admin API and the methods of each, noted as they are registered: for 405 and its `Allow`. */
export class AdminRoutes {
  private readonly known = new Map<string, KnownRoute>();

  /** @param url as the router has it, with parameters like `:id` */
  note(url: string, methods: readonly string[]): void {
    const route = this.known.get(url) ?? { pattern: patternOf(url), methods: [] };
    route.methods.push(...methods);
    this.known.set(url, route);
  }

  /** All of them, with parameters like `:id`. */
  get urls(): readonly string[] {
    return [...this.known.keys()].sort();
  }

  /** What `path` allows; empty when it is no URL of this API. */
  methodsAt(path: string): readonly string[] {
    for (const { pattern, methods } of this.known.values()) {
      if (pattern.test(path)) return [...new Set([...methods, 'OPTIONS'])].sort();
    }
    return [];
  }
}

function patternOf(url: string): RegExp {
  const segments = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll('.', '\\.')));
  return new RegExp(`^${segments.join('/')}$`);
}
