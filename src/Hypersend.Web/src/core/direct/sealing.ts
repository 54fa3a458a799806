import type { Clock } from "../clock";
import { hexOf } from "../upload/run";
import { headBytes } from "./frames";

/** Which end of a transfer this is. */
export type Role = "sender" | "receiver";

/** What both derived from their keys: frames and digests that the server between them can neither read nor make. */
export interface Seal {
  readonly name: string;
  /** Eight groups of five digits, for two people to compare. */
  readonly fingerprint: string;
  close(frame: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  /** Null of a frame that is not the other's. */
  open(frame: Uint8Array): Promise<Uint8Array<ArrayBuffer> | null>;
  chunk(index: number, digest: Uint8Array): Promise<string>;
  root(total: number, root: Uint8Array): Promise<string>;
}

export interface SealPorts {
  readonly subtle: SubtleCrypto;
  readonly clock: Clock;
  readonly fill: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly say: (data: object) => void;
  /** There is a seal that was not there before. */
  readonly came: (seal: Seal) => void;
}

const version = 1;
const mostKnown = 8;
const nonceBytes = 12;
const tagBytes = 16;
const text = new TextEncoder();

/** The keys of one side for one transfer and one run; docs/protocol.md, Sealed bytes. */
export class SealKeys {
  readonly #id: string;
  readonly #role: Role;
  readonly #ports: SealPorts;
  readonly #seals = new Map<string, Promise<Seal | null>>();
  readonly #own: Promise<{ pair: CryptoKeyPair; point: Uint8Array<ArrayBuffer> }>;
  #latest: Seal | null = null;
  #waiting: (() => void)[] = [];

  constructor(id: string, role: Role, ports: SealPorts) {
    this.#id = id.toLowerCase();
    this.#role = role;
    this.#ports = ports;
    this.#own = this.#make();
    this.#own.catch(() => {});
  }

  /** The newest one. */
  get seal(): Seal | null {
    return this.#latest;
  }

  async announce(): Promise<void> {
    const { point } = await this.#own;
    this.#ports.say({ kind: "seal.key", version, key: base64url(point) });
  }

  async heard(data: { readonly version?: unknown; readonly key?: unknown }): Promise<void> {
    if (data.version !== version || typeof data.key !== "string" || this.#seals.has(data.key)) return;
    const { key } = data;
    const made = this.#derive(key).catch(() => null);
    this.#seals.set(key, made);
    const oldest = this.#seals.keys().next().value;
    if (this.#seals.size > mostKnown && oldest !== undefined) this.#seals.delete(oldest);
    const seal = await made;
    if (!seal) return;
    this.#latest = seal;
    void this.announce();
    this.#wake();
    this.#ports.came(seal);
  }

  /** The newest one, or the one of that name, as soon as there is one; null when none comes in time. */
  async within(ms: number, name?: string): Promise<Seal | null> {
    let isLate = false;
    const cancel = this.#ports.clock.after(ms, () => {
      isLate = true;
      this.#wake();
    });
    for (;;) {
      const seal = name === undefined ? this.#latest : await this.#named(name);
      if (seal || isLate) {
        cancel();
        return seal;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async #named(name: string): Promise<Seal | null> {
    for (const made of this.#seals.values()) {
      const seal = await made;
      if (seal?.name === name) return seal;
    }
    return null;
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #make(): Promise<{ pair: CryptoKeyPair; point: Uint8Array<ArrayBuffer> }> {
    const { subtle } = this.#ports;
    const pair = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
    return { pair, point: new Uint8Array(await subtle.exportKey("raw", pair.publicKey)) };
  }

  async #derive(key: string): Promise<Seal> {
    const { subtle, fill } = this.#ports;
    const { pair, point } = await this.#own;
    const theirs = fromBase64url(key);
    if (theirs.length !== 65 || theirs[0] !== 4) throw new RangeError("No uncompressed point.");
    const publicKey = await subtle.importKey("raw", theirs, { name: "ECDH", namedCurve: "P-256" }, false, []);
    const secret = await subtle.deriveBits({ name: "ECDH", public: publicKey }, pair.privateKey, 256);
    const points = this.#role === "sender" ? joined(point, theirs) : joined(theirs, point);
    const salt = await subtle.digest("SHA-256", points);
    const base = await subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
    const bits = await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info: text.encode(`hypersend relay 1 ${this.#id}`) }, base, 512);
    const aes = await subtle.importKey("raw", bits.slice(0, 32), "AES-GCM", false, ["encrypt", "decrypt"]);
    const mac = await subtle.importKey("raw", bits.slice(32), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const print = new DataView(await subtle.digest("SHA-256", joined(text.encode(`hypersend relay fingerprint 1 ${this.#id}`), points)));
    const signed = async (word: string, number: number, digest: Uint8Array): Promise<string> => {
      const count = new Uint8Array(8);
      new DataView(count.buffer).setUint32(4, number);
      return hexOf(new Uint8Array(await subtle.sign("HMAC", mac, joined(text.encode(word), count, digest))));
    };
    return {
      name: hexOf(new Uint8Array(salt, 0, 8)),
      fingerprint: Array.from({ length: 8 }, (_, i) => String(print.getUint32(i * 4) % 100_000).padStart(5, "0")).join(" "),
      async close(frame) {
        const head = frame.subarray(0, headBytes);
        const sealed = new Uint8Array(frame.length + nonceBytes + tagBytes);
        const nonce = new Uint8Array(nonceBytes);
        fill(nonce);
        sealed.set(head);
        sealed.set(nonce, headBytes);
        sealed.set(new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: head }, aes, frame.subarray(headBytes))), headBytes + nonceBytes);
        return sealed;
      },
      async open(frame) {
        if (frame.length <= headBytes + nonceBytes + tagBytes) return null;
        // A copy that is this view's own: the platform's types ask for it, and frames are small.
        const sealed = frame.slice();
        try {
          const head = sealed.subarray(0, headBytes);
          const iv = sealed.subarray(headBytes, headBytes + nonceBytes);
          const plain = new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv, additionalData: head }, aes, sealed.subarray(headBytes + nonceBytes)));
          return joined(head, plain);
        } catch {
          // Changed on the way, or of another round: as if it had never come.
          return null;
        }
      },
      chunk: (index, digest) => signed("chunk", index, digest),
      root: (total, root) => signed("complete", total, root),
    };
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const base64url = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const fromBase64url = (letters: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(letters.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

export const bytesOfHex = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(i * 2, i * 2 + 2), 16));
