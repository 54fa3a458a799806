/**
 * QR codes of bytes at the error correction level M (ISO/IEC 18004), up to 412 of them: what a key for an authenticator takes.
 * Compared with another implementation's squares in `tests/qr.test.ts`.
 */

// For the versions 1 to 15, level M: bytes of correction in a block, and blocks.
const correctionOf = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24];
const blocksOf = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10];
const largest = 15;
const formatM = 0;

type Square = Uint8Array[];

/** Rows of 0 and 1, without the quiet border; null for what is too long. */
export function qrOf(text: string): Square | null {
  const bytes = new TextEncoder().encode(text);
  let version = 1;
  while (version <= largest && dataBytes(version) < bytes.length + 2 + (version > 9 ? 1 : 0)) version++;
  if (version > largest) return null;
  const bits = interleaved(dataOf(bytes, version), version);
  let best: { square: Square; penalty: number } | null = null;
  for (let mask = 0; mask < 8; mask++) {
    const square = drawn(version, bits, mask);
    const penalty = penaltyOf(square);
    if (!best || penalty < best.penalty) best = { square, penalty };
  }
  return best!.square;
}

function rawBits(version: number): number {
  let bits = (16 * version + 128) * version + 64;
  if (version > 1) {
    const marks = Math.floor(version / 7) + 2;
    bits -= (25 * marks - 10) * marks - 55;
    if (version > 6) bits -= 36;
  }
  return bits;
}

const dataBytes = (version: number): number => (rawBits(version) >> 3) - correctionOf[version]! * blocksOf[version]!;

/** Mode, length, the bytes, and what fills the rest. */
function dataOf(bytes: Uint8Array, version: number): Uint8Array {
  const data = new Uint8Array(dataBytes(version));
  let at = 0;
  const put = (value: number, length: number): void => {
    for (let i = length - 1; i >= 0; i--, at++) data[at >> 3]! |= ((value >> i) & 1) << (7 - (at & 7));
  };
  put(4, 4);
  put(bytes.length, version > 9 ? 16 : 8);
  for (const byte of bytes) put(byte, 8);
  for (let i = (at + Math.min(4, data.length * 8 - at) + 7) >> 3, fill = 0xec; i < data.length; i++, fill ^= 0xec ^ 0x11) data[i] = fill;
  return data;
}

/** Blocks with their correction, one byte of each in turn. */
function interleaved(data: Uint8Array, version: number): Uint8Array {
  const [count, length] = [blocksOf[version]!, correctionOf[version]!];
  const raw = rawBits(version) >> 3;
  const short = Math.floor(raw / count) - length;
  const shorts = count - (raw % count);
  const divisor = divisorOf(length);
  const blocks: { data: Uint8Array; correction: Uint8Array }[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    const part = data.subarray(at, (at += short + (i < shorts ? 0 : 1)));
    blocks.push({ data: part, correction: remainderOf(part, divisor) });
  }
  const result: number[] = [];
  for (let i = 0; i <= short; i++) for (const block of blocks) if (i < block.data.length) result.push(block.data[i]!);
  for (let i = 0; i < length; i++) for (const block of blocks) result.push(block.correction[i]!);
  return Uint8Array.from(result);
}

/** In the field of 256 elements with the polynomial 0x11d. */
function times(x: number, y: number): number {
  let z = 0;
  for (let i = 7; i >= 0; i--) {
    z = (z << 1) ^ ((z >> 7) * 0x11d);
    z ^= ((y >> i) & 1) * x;
  }
  return z;
}

function divisorOf(degree: number): Uint8Array {
  const result = new Uint8Array(degree);
  result[degree - 1] = 1;
  for (let i = 0, root = 1; i < degree; i++, root = times(root, 2)) {
    for (let j = 0; j < degree; j++) result[j] = times(result[j]!, root) ^ (result[j + 1] ?? 0);
  }
  return result;
}

function remainderOf(data: Uint8Array, divisor: Uint8Array): Uint8Array {
  const result = new Uint8Array(divisor.length);
  for (const byte of data) {
    const factor = byte ^ result[0]!;
    result.copyWithin(0, 1);
    result[result.length - 1] = 0;
    divisor.forEach((coefficient, i) => (result[i]! ^= times(coefficient, factor)));
  }
  return result;
}

function drawn(version: number, bytes: Uint8Array, mask: number): Square {
  const size = version * 4 + 17;
  const square = Array.from({ length: size }, () => new Uint8Array(size));
  const fixed = Array.from({ length: size }, () => new Uint8Array(size));
  const put = (x: number, y: number, dark: boolean): void => {
    square[y]![x] = dark ? 1 : 0;
    fixed[y]![x] = 1;
  };
  for (let i = 0; i < size; i++) {
    put(6, i, i % 2 === 0);
    put(i, 6, i % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) eye(x, y, size, put);
  const places = marksOf(version);
  for (const x of places) for (const y of places) {
    const atEye = (x === 6 && y === 6) || (x === 6 && y === size - 7) || (x === size - 7 && y === 6);
    if (!atEye) for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) put(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
  }
  format(size, mask, put);
  if (version > 6) {
    const bits = (version << 12) | checkOf(version, 12, 0x1f25);
    for (let i = 0; i < 18; i++) {
      const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)];
      put(a, b, ((bits >> i) & 1) === 1);
      put(b, a, ((bits >> i) & 1) === 1);
    }
  }
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (fixed[y]![x]) continue;
        const bit = at < bytes.length * 8 ? (bytes[at >> 3]! >> (7 - (at & 7))) & 1 : 0;
        square[y]![x] = bit ^ (isMasked(mask, x, y) ? 1 : 0);
        at++;
      }
    }
  }
  return square;
}

type Put = (x: number, y: number, dark: boolean) => void;

function eye(x: number, y: number, size: number, put: Put): void {
  for (let dy = -4; dy <= 4; dy++) for (let dx = -4; dx <= 4; dx++) {
    const [a, b, ring] = [x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy))];
    if (a >= 0 && a < size && b >= 0 && b < size) put(a, b, ring !== 2 && ring !== 4);
  }
}

function marksOf(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const places = [6];
  for (let at = version * 4 + 10; places.length < count; at -= step) places.splice(1, 0, at);
  return places;
}

function checkOf(value: number, length: number, polynomial: number): number {
  let rest = value;
  for (let i = 0; i < length; i++) rest = (rest << 1) ^ ((rest >> (length - 1)) * polynomial);
  return rest;
}

function format(size: number, mask: number, put: Put): void {
  const value = (formatM << 3) | mask;
  const bits = ((value << 10) | checkOf(value, 10, 0x537)) ^ 0x5412;
  const bit = (i: number): boolean => ((bits >> i) & 1) === 1;
  for (let i = 0; i <= 5; i++) put(8, i, bit(i));
  put(8, 7, bit(6));
  put(8, 8, bit(7));
  put(7, 8, bit(8));
  for (let i = 9; i < 15; i++) put(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) put(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) put(8, size - 15 + i, bit(i));
  put(8, size - 8, true);
}

function isMasked(mask: number, x: number, y: number): boolean {
  switch (mask) {
    case 0: return (x + y) % 2 === 0;
    case 1: return y % 2 === 0;
    case 2: return x % 3 === 0;
    case 3: return (x + y) % 3 === 0;
    case 4: return (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0;
    case 5: return ((x * y) % 2) + ((x * y) % 3) === 0;
    case 6: return (((x * y) % 2) + ((x * y) % 3)) % 2 === 0;
    default: return (((x + y) % 2) + ((x * y) % 3)) % 2 === 0;
  }
}

/** How hard it would be to read: runs, blocks, what looks like an eye, and more dark than light. */
function penaltyOf(square: Square): number {
  const size = square.length;
  const columns = square.map((_, x) => Uint8Array.from(square, (row) => row[x]!));
  let result = 0;
  for (const line of [...square, ...columns]) {
    for (let from = 0, to = 1; to <= size; to++) {
      if (to < size && line[to] === line[from]) continue;
      if (to - from >= 5) result += to - from - 2;
      from = to;
    }
    const text = `0000${line.join("")}0000`;
    for (let at = text.indexOf("1011101"); at >= 0; at = text.indexOf("1011101", at + 1)) {
      if (text.slice(at - 4, at) === "0000" || text.slice(at + 7, at + 11) === "0000") result += 40;
    }
  }
  let dark = 0;
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) {
    const one = square[y]![x]!;
    dark += one;
    if (x + 1 < size && y + 1 < size && square[y]![x + 1] === one && square[y + 1]![x] === one && square[y + 1]![x + 1] === one) result += 3;
  }
  return result + Math.floor(Math.abs((dark * 20) / (size * size) - 10)) * 10;
}
