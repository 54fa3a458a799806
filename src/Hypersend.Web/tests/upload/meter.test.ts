import { describe, expect, it } from "vitest";
import { Meter } from "../../src/core/upload/meter";

describe("the speed", () => {
  it("is that of the last seconds", () => {
    const meter = new Meter();
    for (let now = 0; now <= 20_000; now += 500) meter.passed(now < 10_000 ? 5_000 : 500, now);
    expect(meter.speed(20_000)).toBeCloseTo(1_000, -2);
    expect(meter.eta(10_000, 20_000)).toBe(10);
  });

  it("after a night with a closed lid is not that of the night", () => {
    const meter = new Meter();
    for (let now = 0; now <= 5_000; now += 500) meter.passed(5_000, now);
    const morning = 8 * 3_600_000;
    meter.passed(5_000, morning);
    expect(meter.eta(1_000_000, morning)).toBeNull();
    meter.passed(5_000, morning + 500);
    expect(meter.speed(morning + 500)).toBe(10_000);
  });
});
