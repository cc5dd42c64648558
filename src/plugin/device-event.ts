/** What a device reported. */
export interface DeviceEvent<T> {
  readonly device: string;
  readonly type: string;
  /** the payload: an instance of the payload class, checked; without one whatever the JSON said; undefined: no body */
  readonly data: T;
  /** `devices/{device}/events/{type}` */
  readonly channel: string;
  /** place in the channel as `second:tag`, as the device was answered */
  readonly position: string;
  /** unix ms, by the hub's clock */
  readonly publishedAt: number;
}
