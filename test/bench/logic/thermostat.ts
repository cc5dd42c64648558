/** As the thermostat of plugins/ has them. */
const LIMIT_CELSIUS = 30;
const HYSTERESIS_CELSIUS = 2;

/** What the fan has to be told at a temperature; undefined: nothing, for it lies between the limits. */
export function fanAt(celsius: number): boolean | undefined {
  if (celsius > LIMIT_CELSIUS) return true;
  return celsius < LIMIT_CELSIUS - HYSTERESIS_CELSIUS ? false : undefined;
}

/** The thermostat with nothing to keep its state in but its own memory: what it told each fan is lost with its process. */
export class ForgetfulThermostat {
  private readonly told = new Map<string, boolean>();
  private commands = 0;

  /** @returns the command for the device as JSON; undefined: it needs none */
  commandFor(device: string, celsius: number): string | undefined {
    const on = fanAt(celsius);
    if (on === undefined || this.told.get(device) === on) return undefined;
    this.told.set(device, on);
    return JSON.stringify({ id: String(++this.commands), name: 'fan.set', params: { on } });
  }
}
