import { computed, signal, type ReadonlySignal } from "@preact/signals-core";
import type { ApiRequest, Send } from "./api/send";
import type { SignedIn, User } from "./api/types";
import { Problem } from "./problem";
import type { Tabs } from "./tabs";
import { subjectOf } from "./token";

/** `moved`: another account signed in to this browser; this tab stops so that two people's data never mix. */
export type SessionState = "starting" | "unreachable" | "out" | "in" | "moved";

/** Remembers that there may be a cookie worth asking about. Never a token. */
export interface SignedInMark {
  get(): boolean;
  set(on: boolean): void;
}

/** Who was signed in here last, so that a start without a network can show what is kept. */
export interface KnownPerson {
  get(): User | null;
  set(user: User | null): void;
}

export interface SessionPorts {
  send: Send;
  tabs: Tabs;
  mark: SignedInMark;
  known?: KnownPerson;
  now?: () => number;
  /** Calls back after that many milliseconds; returns how to cancel. */
  after?: (ms: number, run: () => void) => () => void;
  random?: () => number;
}

export interface Session {
  readonly state: ReadonlySignal<SessionState>;
  readonly user: ReadonlySignal<User | null>;
  /** Out without having gone: the server ended the session, from another device or because its time was over. */
  readonly expelled: ReadonlySignal<boolean>;
  start(): Promise<void>;
  /** Takes over the answer of login or register. */
  enter(answer: SignedIn): void;
  /** A call with the access token: refreshed before it runs out, and once more after a 401. */
  call: Send;
  update(user: User): void;
  leave(everywhere?: boolean): Promise<void>;
  /** The server has already ended this session (account deleted). */
  ended(): void;
}

const renewBeforeMs = 60_000;
const retryFirstMs = 2_000;
const retryMostMs = 60_000;

export function createSession(ports: SessionPorts): Session {
  const { send, tabs, mark, known } = ports;
  const now = ports.now ?? Date.now;
  const random = ports.random ?? Math.random;
  const after = ports.after ?? ((ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  });

  const state = signal<SessionState>("starting");
  const user = signal<User | null>(null);
  const expelled = signal(false);
  // The token lives in this closure and nowhere else: no storage, no global, no signal a devtool prints.
  let token: string | null = null;
  let expiresAt = 0;
  let owner: string | null = null;
  let refreshing: Promise<void> | null = null;
  let cancelTimer = (): void => {};
  let failures = 0;
  // Counts entries and exits, so that an answer to an older question cannot bring a session back.
  let generation = 0;
  let leaving: Promise<void> | null = null;
  let asking = new AbortController();
  /** What has to be done even if the person goes. */
  const lasting = new Set<Promise<unknown>>();

  function forget(next: SessionState): void {
    // What another account left is its own; what this one left would stop the next start as well.
    if (next === "out" || known?.get()?.id === owner) known?.set(null);
    generation++;
    giveUp();
    cancelTimer();
    token = null;
    expiresAt = 0;
    owner = null;
    user.value = null;
    expelled.value = false;
    state.value = next;
  }

  /** An answer that comes after the session's end could only be a refusal. */
  function giveUp(): void {
    asking.abort();
    asking = new AbortController();
  }

  function accept(answer: SignedIn, subject: string): void {
    token = answer.access_token;
    expiresAt = now() + answer.expires_in * 1000;
    owner = subject;
    failures = 0;
    user.value = answer.user;
    known?.set(answer.user);
    mark.set(true);
    expelled.value = false;
    state.value = "in";
    schedule(Math.max(answer.expires_in * 1000 - renewBeforeMs, answer.expires_in * 500));
  }

  function schedule(ms: number): void {
    cancelTimer();
    // A failure here is either final (state is already "out") or transient, and then planned again below.
    cancelTimer = after(ms, () => void refresh().catch(planRetry));
  }

  function planRetry(): void {
    if (state.value !== "in") return;
    const most = Math.min(retryMostMs, retryFirstMs * 2 ** failures++);
    schedule(retryFirstMs + random() * most);
  }

  function refresh(): Promise<void> {
    refreshing ??= exchange().finally(() => {
      refreshing = null;
    });
    return refreshing;
  }

  async function exchange(): Promise<void> {
    const asked = generation;
    let answer: SignedIn;
    try {
      answer = await send<SignedIn>({ method: "POST", path: "/auth/refresh", body: { session: "cookie" }, signal: asking.signal });
    } catch (error) {
      if (asked === generation && error instanceof Problem && !error.isTransient) {
        mark.set(false);
        forget("out");
        expelled.value = true;
      }
      throw error;
    }
    if (asked !== generation) throw new Problem(401, "signed_out");
    const subject = subjectOf(answer.access_token) ?? answer.user.id;
    // Tabs share the cookie: a refresh may bring somebody else's session.
    if (owner !== null && subject !== owner) {
      forget("moved");
      throw new Problem(401, "account_changed");
    }
    accept(answer, subject);
  }

  async function call<T>(request: ApiRequest): Promise<T> {
    // Whoever is on the way out has no question that could still be answered; only if the door stays shut does it go on.
    if (leaving) await leaving.catch(() => {});
    const asked = ask<T>(request);
    if (request.keepalive) {
      const kept = asked.catch(() => {}).finally(() => lasting.delete(kept));
      lasting.add(kept);
    }
    return asked;
  }

  async function ask<T>(request: ApiRequest): Promise<T> {
    if (state.value === "out" || state.value === "moved") throw new Problem(401, "signed_out");
    const signal = request.keepalive ? null : asking.signal;
    if (token === null || expiresAt - now() < 5_000) await refresh();
    const asked = generation;
    const used = token;
    try {
      return await send<T>({ ...request, token: used, signal });
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401 || !isAboutToken(error)) throw error;
      // Of a session that is over, or of another account's, nothing is asked twice.
      if (asked !== generation) throw error;
      // Another call may have refreshed meanwhile; then its token is simply tried.
      if (token === used) await refresh();
      return await send<T>({ ...request, token, signal });
    }
  }

  async function goOut(everywhere: boolean): Promise<void> {
    const asked = generation;
    await Promise.all(lasting);
    // Without a token nothing says who leaves; with one, its renewal is given up like all other questions.
    if (token === null) await refreshing?.catch(() => {});
    if (asked !== generation) return;
    giveUp();
    if (everywhere) await ask({ method: "POST", path: "/auth/logout-all" });
    // One device: the person is out at once, even when the server cannot be asked; the cookie's end follows.
    else await send({ method: "POST", path: "/auth/logout", token, body: { session: "cookie" }, keepalive: true }).catch(rethrowRefusal);
    ended();
  }

  async function start(): Promise<void> {
    if (!mark.get()) {
      forget("out");
      return;
    }
    const person = known?.get();
    if (!person) return comeBack();
    // At once, with what is kept here: whether the session still stands, the server says a moment later, or when it can be reached.
    owner = person.id;
    user.value = person;
    state.value = "in";
    await refresh().catch(planRetry);
  }

  async function comeBack(): Promise<void> {
    state.value = "starting";
    try {
      await refresh();
    } catch (error) {
      if (state.value === "starting") state.value = error instanceof Problem && error.isTransient ? "unreachable" : "out";
    }
  }

  tabs.listen((word) => {
    if (word.kind === "out" && state.value === "in") {
      forget("out");
    } else if (word.kind === "in" && state.value === "in" && word.user !== owner) {
      forget("moved");
    } else if (word.kind === "in" && (state.value === "out" || state.value === "unreachable")) {
      // Without a look at the mark: what another tab wrote into storage can arrive after its word.
      void comeBack();
    }
  });

  function ended(): void {
    mark.set(false);
    tabs.say({ kind: "out" });
    forget("out");
  }

  return {
    ended,
    state: computed(() => state.value),
    user: computed(() => user.value),
    expelled: computed(() => expelled.value),
    start,
    call,
    update: (next) => {
      user.value = next;
      known?.set(next);
    },
    enter(answer) {
      generation++;
      const subject = subjectOf(answer.access_token) ?? answer.user.id;
      accept(answer, subject);
      tabs.say({ kind: "in", user: subject });
    },
    leave(everywhere = false) {
      leaving ??= goOut(everywhere).finally(() => {
        leaving = null;
      });
      return leaving;
    },
  };
}

/** 401 also answers a wrong password or code inside a signed-in screen; those must not cost a refresh. */
function isAboutToken(problem: Problem): boolean {
  return !["invalid_credentials", "totp_required", "invalid_totp"].includes(problem.code);
}

function rethrowRefusal(error: unknown): void {
  // Already ended over there is what was wanted. Unreachable is not: the cookie would still be good.
  if (error instanceof Problem && error.status === 401) return;
  throw error;
}
