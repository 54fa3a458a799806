import type { Route } from "./line";

/** What is known of a line when one has to be chosen. */
export interface LineFacts {
  readonly route: Route;
  /** Bytes per second while it was the one in use; null when it never was for long enough. */
  readonly speed: number | null;
  /** How long it has been the one in use, or how long ago it was. */
  readonly activeMs: number;
  readonly idleMs: number;
  /** How long nothing came although something was asked for; 0 when it is not in use. */
  readonly silentMs: number;
  /** How often it fell silent. */
  readonly faults: number;
}

export type Why = "first" | "silent" | "gone" | "faster" | "try";

export interface Choice {
  readonly take: number;
  readonly why: Why;
}

/** The last change of line, in numbers for a sentence about it. */
export interface Change {
  readonly from: Route | null;
  readonly to: Route;
  readonly why: Why;
  readonly fromSpeed: number;
  readonly toSpeed: number | null;
  /** Between the last byte by the old line and the first by the new one. */
  readonly lostMs: number | null;
}

/** Whether it is worth a sentence: a line that was lost and came back by itself is no other one, and one by which nothing came yet was not slow. */
export const isNews = (change: Change | null): change is Change & { readonly from: Route } =>
  change !== null && change.from !== null && change.from !== change.to && (change.why !== "try" || change.fromSpeed > 0);

export const silentAfterMs = 1_000;
/** A line has to be looked at for this long before its speed says something. */
const judgeAfterMs = 3_000;
/** A stored file comes in whole chunks, as the sender brings them: there are breaks in it, and its speed shows later. */
const storedSilentAfterMs = 15_000;
const storedJudgeAfterMs = 12_000;
/** As fast as this, nobody looks for something better. */
const fastEnough = 20_000_000;
/** What was measured longer ago says nothing. */
const forgetAfterMs = 60_000;
const clearlyBetter = 1.3;

/** Which line to pull from: an index, or null to stay. `secondsLeft` at the speed of now. */
export function choose(lines: readonly LineFacts[], active: number | null, secondsLeft: number | null): Choice | null {
  if (lines.length === 0) return null;
  if (active === null) {
    const direct = lines.findIndex((line) => line.route === "direct" && line.faults === 0);
    return { take: direct >= 0 ? direct : fewestFaults(lines), why: "first" };
  }
  const now = lines[active]!;
  const others = lines.map((line, at) => ({ line, at })).filter(({ at }) => at !== active);
  if (others.length === 0) return null;
  const patience = now.route === "stored" ? storedSilentAfterMs : silentAfterMs;
  if (now.silentMs >= patience) {
    const best = others.sort((a, b) => a.line.faults - b.line.faults || (b.line.speed ?? 0) - (a.line.speed ?? 0))[0]!;
    // Where everything is silent, changing to and fro brings nothing: the waits get longer.
    return now.silentMs >= patience * 2 ** Math.min(4, best.line.faults) ? { take: best.at, why: "silent" } : null;
  }
  const isKnown = isJudged(now);
  for (const { line, at } of others) {
    const known = line.speed !== null && line.idleMs < forgetAfterMs ? line.speed : null;
    if (known === null) {
      if (line.faults > 2) continue;
      // Straight is what people wish for; the server is tried when straight is slow and much is left.
      if (line.route === "direct" && line.speed === null && line.faults === 0) return { take: at, why: "try" };
      if (isKnown && now.speed! < fastEnough && (secondsLeft ?? 0) > 10) return { take: at, why: "try" };
    } else if (isKnown && known > now.speed! * clearlyBetter) {
      return { take: at, why: "faster" };
    }
  }
  return null;
}

/** What came of the line that was tried, once that can be said: the faster one, with both speeds, or nothing worth a sentence. */
export function judged(change: Change | null, now: LineFacts): Change | null {
  if (change?.why !== "try" || change.to !== now.route || !isJudged(now)) return change;
  return { ...change, why: change.fromSpeed > 0 && now.speed! > change.fromSpeed ? "faster" : "first", toSpeed: now.speed };
}

const isJudged = ({ route, speed, activeMs }: LineFacts): boolean => speed !== null && activeMs >= (route === "stored" ? storedJudgeAfterMs : judgeAfterMs);

function fewestFaults(lines: readonly LineFacts[]): number {
  let best = 0;
  lines.forEach((line, at) => {
    if (line.faults < lines[best]!.faults) best = at;
  });
  return best;
}
