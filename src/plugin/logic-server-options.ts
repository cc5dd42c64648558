/** A class that the hub makes, fills and checks: payloads and configurations. */
export type PlainClass<T = object> = new () => T;

export interface LogicServerOptions {
  /** as logs and the admin API name it */
  readonly name: string;
  readonly version: string;
  /**
   * A class with decorators of class-validator. The hub fills it from `plugins.NAME.config`, checks it, and injects it by
   * its class. Values that its constructor sets are the defaults.
   */
  readonly config?: PlainClass;
}
