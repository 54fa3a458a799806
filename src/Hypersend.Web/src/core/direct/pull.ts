import type { Clock } from "../clock";
import { Problem } from "../problem";
import type { StoredDigests } from "../upload/plan";
import { hexOf } from "../upload/run";
import { choose, judged, type Change, type LineFacts, type Why } from "./choice";
import { Feed } from "./feed";
import { readPiece, readWord } from "./frames";
import { ChunkSet, Digests, runs, type Grid } from "./grid";
import type { End, Line, Route } from "./line";
import type { Sink } from "./sink";
import type { Digest } from "./supply";

export interface PullPorts {
  readonly digest: Digest;
  readonly clock: Clock;
  readonly moved: () => void;
  readonly failed: (problem: Problem) => void;
  /** Every byte is saved. `isSame`: the sender's digest of the whole is ours; null when none was said. */
  readonly done: (what: { readonly root: string; readonly isSame: true | null }) => void;
}

const lookEveryMs = 250;
/** A straight line gets this much of a start before the server is asked. */
const waitForDirectMs = 1_500;
const stillAfterMs = 3_000;
/** Without a right one between them, which forgives those before: a long transfer over a bad network sees many, and goes on. */
const mostRefused = 8;
/** Twice what an honest sender has out, as much again by the line before, and never less than three chunks. */
const mostHeld = 64 * 1024 * 1024;
const askAgainAfterMs = 10_000;
/** Who sends says what the whole is right behind its last chunk, or has to read first what went in an earlier life of its page. */
const waitForRootMs = 5_000;
const readsPerMs = 50_000;

/** The receiver's end: asks one line at a time for what is missing, checks every chunk, and changes the line when another is better. */
export class Pull implements End {
  readonly #grid: Grid;
  readonly #sink: Sink;
  readonly #ports: PullPorts;
  readonly #feeds = new Map<Line, Feed>();
  readonly #digests: Digests;
  readonly verified: ChunkSet;
  /** Verified, and being written. */
  readonly #writing = new Set<number>();
  /** How many are being hashed. */
  #judged = 0;
  #active: Feed | null = null;
  #root: string | null = null;
  #rootCame: () => void = () => {};
  /** A word that was on its way when the seal changed still speaks of the one before. */
  readonly #seals = new Set<Line["seal"]>();
  #refused = 0;
  #forgiven = 0;
  #heardAt = 0;
  #started: number;
  #expectsDirect: boolean;
  #paused = false;
  #over = false;
  #cancelLook: () => void = () => {};
  change: Change | null = null;
  #verifiedBytes = 0;

  constructor(grid: Grid, sink: Sink, ports: PullPorts, expectsDirect: boolean) {
    this.#grid = grid;
    this.#sink = sink;
    this.#ports = ports;
    this.#expectsDirect = expectsDirect;
    this.#started = ports.clock.now();
    this.#digests = new Digests(grid.total);
    this.verified = new ChunkSet(grid.total);
    this.#plan();
  }

  get line(): Line | null {
    return this.#active?.line ?? null;
  }

  /** Bytes that are here, those of the chunk that is coming included. */
  get received(): number {
    return this.#verifiedBytes + (this.#active?.filled ?? 0);
  }

  /** Bytes of whole chunks that wait here to be judged or written. */
  get held(): number {
    return [...this.#feeds.values()].reduce((sum, { whole }) => sum + whole.size, this.#writing.size + this.#judged) * this.#grid.chunkSize;
  }

  get refused(): number {
    return this.#refused;
  }

  speed(): number {
    const [feed, now] = [this.#active, this.#ports.clock.now()];
    // What was fast a moment ago and says nothing now is not fast.
    return feed && !this.#paused && (now - feed.heardAt < stillAfterMs || this.#isBusy()) ? feed.meter.speed(now) : 0;
  }

  eta(): number | null {
    return this.#active && !this.#paused ? this.#active.meter.eta(this.#grid.size - this.received, this.#ports.clock.now()) : null;
  }

  /** What is written, and what it is: enough for a later page to know it again. */
  kept(): StoredDigests {
    return { bytes: this.#digests.bytes(), known: this.verified.flags() };
  }

  /** What an earlier page left, looked at and found right. */
  restore({ bytes, known }: StoredDigests): void {
    known.forEach((isThere, index) => {
      if (!isThere || !this.verified.add(index)) return;
      this.#digests.set(index, bytes.subarray(index * 32, index * 32 + 32));
      this.#verifiedBytes += this.#grid.lengthOf(index);
    });
  }

  /** Nobody waits for a straight line any more: there will be none. */
  noDirect(): void {
    this.#expectsDirect = false;
    this.#look();
  }

  up(line: Line): void {
    if (this.#over) return;
    this.#seals.add(line.seal);
    this.#feeds.set(line, new Feed(line, this.#ports.clock.now()));
    if (line.route !== "direct") this.#catchUp(line);
    if (this.#finishing) this.#askForRoot();
    else this.#look();
  }

  down(line: Line): void {
    const feed = this.#feeds.get(line);
    this.#feeds.delete(line);
    if (!this.#canHear()) this.#rootCame();
    if (this.#active && this.#active === feed) this.#leave("gone");
    this.#look();
  }

  pause(on: boolean): void {
    this.#paused = on;
    if (on) {
      this.#active?.line.leave?.();
      this.#active = null;
    }
    this.#look();
    this.#ports.moved();
  }

  stop(): void {
    this.#over = true;
    this.#cancelLook();
    this.#rootCame();
  }

  heard(line: Line, said: unknown): void {
    const feed = this.#feeds.get(line);
    const word = readWord(said, this.#grid.total);
    if (!feed || this.#over) return;
    if (word?.type === "chunk") {
      feed.said.set(word.index, word.sha256);
      void this.#check(feed, word.index);
    } else if (word?.type === "complete") {
      this.#root = word.sha256_root;
      this.#rootCame();
      void this.#finish();
    }
  }

  came(line: Line, frame: Uint8Array): void {
    const feed = this.#feeds.get(line);
    const piece = readPiece(frame);
    if (!feed || !piece || this.#over || piece.index >= this.#grid.total) return;
    const length = this.#grid.lengthOf(piece.index);
    if (piece.offset + piece.bytes.length > length) return;
    this.#passed(feed, piece.bytes.length);
    // Who sends more than was asked for, or no digests, fills no memory: it is as if it had not come.
    if (this.#has(piece.index) || this.held > Math.max(mostHeld, 3 * this.#grid.chunkSize)) return;
    if (feed.take(piece, length)) void this.#check(feed, piece.index);
  }

  #has(index: number): boolean {
    return this.verified.has(index) || this.#writing.has(index);
  }

  #passed(feed: Feed, bytes: number): void {
    const now = this.#ports.clock.now();
    feed.heardAt = now;
    if (feed === this.#active && this.change?.lostMs === null) this.change = { ...this.change, lostMs: this.#heardAt > 0 ? now - this.#heardAt : 0 };
    this.#heardAt = now;
    feed.meter.passed(bytes, now);
    if (feed === this.#active) feed.speed = feed.meter.speed(now) || feed.speed;
  }

  /** The digest and the bytes come in either order. */
  async #check(feed: Feed, index: number): Promise<void> {
    const said = feed.said.get(index);
    if (this.#has(index)) {
      if (said !== undefined && this.verified.has(index) && !this.#holdsBack(index)) this.#got(index);
      feed.forget(index);
      return;
    }
    const bytes = feed.whole.get(index);
    if (said === undefined) return;
    if (!bytes) {
      // On a line in order the digest comes behind all its bytes: some of them were lost or not taken.
      if (feed.line.route === "relay") this.#refuse(feed, index);
      return;
    }
    feed.forget(index);
    try {
      this.#judged++;
      const digest = new Uint8Array(await this.#ports.digest(bytes.buffer).finally(() => this.#judged--));
      if (this.#over || this.#has(index)) return;
      if ((feed.line.seal ? await feed.line.seal.chunk(index, digest) : hexOf(digest)) !== said) return this.#refuse(feed, index);
      if (this.#over || this.#has(index)) return;
      if (!this.#digests.set(index, digest)) throw new Problem(409, "file_changed");
      this.#forgiven = this.#refused;
      this.#writing.add(index);
      this.#verifiedBytes += bytes.length;
      await this.#sink.write(this.#grid.startOf(index), bytes);
      this.#writing.delete(index);
      this.verified.add(index);
      this.#last = index;
      if (this.verified.isWhole) return await this.#finish();
      this.#got(index);
      this.#ports.moved();
    } catch (error) {
      this.#fail(error);
    }
  }

  #refuse(feed: Feed, index: number): void {
    feed.forget(index);
    if (++this.#refused - this.#forgiven > mostRefused) return this.#fail(new Problem(409, "checksum_mismatch"));
    if (this.#active) this.#need(this.#active);
    this.#ports.moved();
  }

  #got(index: number): void {
    for (const { line } of this.#feeds.values()) line.say({ type: "got", chunk: index });
  }

  /** A relay that has just begun counts anew, and what came by another line counts there as well. */
  #catchUp(line: Line): void {
    for (let i = 0; i < this.#grid.total; i++) if (this.verified.has(i) && !this.#holdsBack(i)) line.say({ type: "got", chunk: i });
  }

  /** With the last `got` the server calls the transfer done, so nobody hears it before the file is judged and saved. */
  #holdsBack(index: number): boolean {
    return this.verified.isWhole && !this.#isSaved && index === (this.#last ?? this.#grid.total - 1);
  }

  #finishing = false;
  #isSaved = false;
  #last: number | null = null;
  #firstMissing = 0;

  async #finish(): Promise<void> {
    if (!this.verified.isWhole || this.#finishing || this.#over) return;
    this.#finishing = true;
    this.#cancelLook();
    const last = this.#last ?? this.#grid.total - 1;
    try {
      // Nothing came in this life of the page, or it came by the server's disk: then nobody has said yet what the whole is.
      if (this.#last === null || this.#active?.line.route === "stored") this.#askForRoot();
      const mine = new Uint8Array(await this.#ports.digest(this.#digests.all()!));
      await this.#rootOrNone();
      if (this.#over) return;
      // Before it is saved: what is not the file that its sender names gets no name here.
      const isSame = this.#root === null ? null : await this.#isSaid(this.#root, mine);
      if (isSame === false) throw new Problem(409, "checksum_mismatch");
      await this.#sink.close();
      this.#isSaved = true;
      for (const { line } of this.#feeds.values()) line.say(last < 0 ? { type: "need", ranges: [] } : { type: "got", chunk: last });
      this.#ports.done({ root: hexOf(mine), isSame });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Who is asked for the last chunk once more says behind it what the whole is. */
  #askForRoot(): void {
    const line = [...this.#feeds.keys()].find(({ route }) => route !== "stored");
    const last = this.#last ?? this.#grid.total - 1;
    if (line && this.#root === null && !this.#isSaved && last >= 0) line.say({ type: "need", ranges: [[last, last]] });
  }

  /** Each chunk may be right and the whole may not: a file that changed between two lines is found by this alone. */
  async #isSaid(root: string, mine: Uint8Array<ArrayBuffer>): Promise<boolean> {
    for (const seal of this.#seals) if (root === (seal ? await seal.root(this.#grid.total, mine) : hexOf(mine))) return true;
    return false;
  }

  /** What lies on the server was judged there. */
  #canHear(): boolean {
    return [...this.#feeds.keys()].some(({ route }) => route !== "stored");
  }

  async #rootOrNone(): Promise<void> {
    // A page that found all of it on its disk waits for somebody to come; else who has gone says nothing any more.
    if (this.#grid.total === 0 || (this.#last !== null && !this.#canHear())) return;
    for (const ms of [waitForRootMs, this.#grid.size / readsPerMs]) {
      if (this.#root !== null || this.#over || (ms !== waitForRootMs && !this.#canHear())) return;
      await new Promise<void>((resolve) => {
        const forget = this.#ports.clock.after(ms, resolve);
        this.#rootCame = () => {
          forget();
          resolve();
        };
      });
    }
  }

  #fail(error: unknown): void {
    if (this.#over) return;
    this.stop();
    this.#ports.failed(error instanceof Problem ? error : new Problem(507, isFull(error) ? "disk_full" : "not_saved", { detail: String(error) }));
  }

  // ---- which line

  #plan(): void {
    if (this.#over) return;
    this.#cancelLook = this.#ports.clock.after(lookEveryMs, () => {
      this.#look();
      this.#plan();
    });
  }

  #look(): void {
    if (this.#over || this.#paused || this.verified.isWhole) {
      if (this.verified.isWhole) void this.#finish();
      return;
    }
    const now = this.#ports.clock.now();
    const feeds = [...this.#feeds.values()];
    if (!this.#active && this.#expectsDirect && now - this.#started < waitForDirectMs && !feeds.some(({ line }) => line.route === "direct")) return;
    const active = this.#active ? feeds.indexOf(this.#active) : null;
    const choice = choose(feeds.map((feed) => this.#factsOf(feed, now)), active, this.eta());
    const next = choice && feeds[choice.take]!;
    if (!next) return this.#stay(now);
    if (this.#active) this.#leave(choice.why);
    const before = this.change;
    this.change = before && before.lostMs === null && before.to === next.line.route
      ? { ...before, to: next.line.route }
      : { from: this.#left?.route ?? null, to: next.line.route, why: this.#left?.why ?? choice.why, fromSpeed: this.#left?.speed ?? 0, toSpeed: next.speed, lostMs: null };
    this.#left = null;
    this.#active = next;
    next.since = next.heardAt = now;
    next.meter.reset();
    this.#need(next);
    this.#ports.moved();
  }

  /** No other line is better. Where nothing comes, perhaps the question was lost with what it needed. */
  #stay(now: number): void {
    const feed = this.#active;
    if (!feed) return;
    this.change = judged(this.change, this.#factsOf(feed, now));
    if (this.#isBusy() || now - Math.max(feed.heardAt, feed.askedAt) < askAgainAfterMs) return;
    feed.askedAt = now;
    this.#need(feed);
  }

  #left: { readonly route: Route; readonly speed: number; readonly why: Why } | null = null;

  #leave(why: Why): void {
    const feed = this.#active!;
    this.#left = { route: feed.line.route, speed: why === "silent" || why === "gone" ? 0 : (feed.speed ?? 0), why };
    if (why === "silent") feed.faults++;
    feed.since = this.#ports.clock.now();
    this.#active = null;
    feed.line.leave?.();
  }

  #factsOf(feed: Feed, now: number): LineFacts {
    const isActive = feed === this.#active;
    return {
      route: feed.line.route, speed: feed.speed, activeMs: isActive ? now - feed.since : 0, idleMs: isActive ? 0 : now - feed.since,
      silentMs: isActive && !this.#isBusy() ? now - feed.heardAt : 0, faults: feed.faults,
    };
  }

  /** While this side writes to its disk the other one waits, and nothing is wrong with the line. */
  #isBusy(): boolean {
    while (this.#firstMissing < this.#grid.total && this.verified.has(this.#firstMissing)) this.#firstMissing++;
    // Chunks behind one that lacks may wait for it to be written.
    return this.#writing.has(this.#firstMissing);
  }

  #need(feed: Feed): void {
    feed.begin();
    // The server calls it done when each chunk was got or not named: the one that is written last is named as long as it is not.
    const top = this.verified.missing().at(-1)?.[1];
    feed.line.say({ type: "need", ranges: runs(0, this.#grid.total - 1, (index) => !this.#has(index) || index === top) });
  }
}

const isFull = (error: unknown): boolean => error instanceof DOMException && error.name === "QuotaExceededError";
