// People, chats and files that look like a life, for pictures of the screens. Says nothing when it was here before.
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";

export const password = "two people and a boat";

const crcs = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc = (bytes) => (bytes.reduce((sum, byte) => crcs[(sum ^ byte) & 255] ^ (sum >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;
function part(kind, content) {
  const body = Buffer.concat([Buffer.from(kind), content]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(content.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

/** A landscape of three colours: sky, sun, hills. */
function picture(width, height, [sky, sun, hill]) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      const ridge = height * (0.62 + 0.1 * Math.sin((x / width) * 7) + 0.05 * Math.sin((x / width) * 19));
      const inSun = Math.hypot(x - width * 0.68, y - height * 0.36) < height * 0.13;
      const base = y > ridge ? hill : inSun ? sun : sky;
      const fade = y > ridge ? 1 - 0.45 * ((y - ridge) / (height - ridge)) : 1 - 0.35 * (y / height);
      base.forEach((value, channel) => (rows[at + channel] = Math.round(value * fade)));
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), part("IHDR", head), part("IDAT", deflateSync(rows)), part("IEND", Buffer.alloc(0))]);
}

/** Eight seconds of a voice that rises and falls. */
function sound(seconds = 8) {
  const rate = 8000;
  const data = Buffer.alloc(rate * seconds * 2);
  for (let i = 0; i < rate * seconds; i++) {
    const loud = Math.abs(Math.sin(i / 5000)) * Math.abs(Math.sin(i / 1700));
    data.writeInt16LE(Math.round(Math.sin(i / 6) * 12000 * loud), i * 2);
  }
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** A document of one page. */
function paper(lines) {
  const text = lines.map((line, n) => `BT /F1 ${n === 0 ? 28 : 15} Tf 64 ${740 - n * 34} Td (${line}) Tj ET`).join("\n");
  const parts = [
    "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [5 0 R] /Count 1 >>", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
  ];
  let file = "%PDF-1.4\n";
  const places = parts.map((part, n) => {
    const at = file.length;
    file += `${n + 1} 0 obj\n${part}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const table = file.length;
  return Buffer.from(`${file}xref\n0 ${parts.length + 1}\n0000000000 65535 f \n${places.join("")}trailer\n<< /Size ${parts.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
}

export async function furnish(base) {
  async function call(token, method, path, body, raw) {
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(body ? { "Content-Type": raw ? "application/octet-stream" : "application/json" } : {}) },
      ...(body ? { body: raw ? body : JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }
  const person = async (username, name) => {
    const known = await call(null, "POST", "/auth/login", { login: username, password }).catch(() => null);
    const signed = known ?? await call(null, "POST", "/auth/register", { username, email: `${username}@example.org`, password, name });
    const id = signed.user.id;
    const to = (method, path, body, raw) => call(signed.access_token, method, path, body, raw);
    return { id, fresh: !known, call: to, say: (chat_id, content, rest = {}) => to("POST", "/messages", { chat_id, content, ...rest }) };
  };
  const ana = await person("ana", "Ana Lobato");
  const [ben, chen, dina, emil] = [await person("ben", "Ben Okafor"), await person("chen", "陈晓明"), await person("dina", "دينا حداد"), await person("emil", "Émile Fournier")];
  // Somebody who has only just come.
  const nova = await person("nova", "Nova Lind");
  const shared = async (chat_id) => {
    const { items } = await ana.call("GET", `/chats/${chat_id}/files`);
    const { url } = await ana.call("POST", `/files/${items.find((file) => file.owner_id === ana.id && file.state === "ready").id}/link`, { expires_in: 604_800 });
    return new URL(url, base).pathname;
  };
  const mine = await ana.call("GET", "/chats?limit=200");
  const named = (name) => mine.items.find((chat) => chat.name === name)?.id;
  if (!ana.fresh && named("Boat trip")) {
    const pins = await ana.call("GET", `/chats/${named("Boat trip")}/pins`);
    return { group: named("Boat trip"), direct: named("Ben Okafor"), files: named("Film night"), channel: named("Harbour news"), shared: await shared(named("Film night")), saved: mine.items.find((chat) => chat.type === "saved").id, ana: ana.id, ben: ben.id, threadSeq: pins.items[0]?.seq ?? 2 };
  }
  const chat = async (by, body) => (await by.call("POST", "/chats", body)).id;
  async function send(by, chat_id, filename, bytes, rest = {}) {
    const digest = createHash("sha256").update(bytes).digest();
    const root = createHash("sha256").update(digest).digest("hex");
    const up = await by.call("POST", "/files/init", { filename, size: bytes.length, chat_id, ...rest });
    if (up.total_chunks > 0) await by.call("PUT", `/files/${up.upload_id}/chunk?chunk_index=0`, bytes, true);
    await by.call("POST", `/files/${up.upload_id}/complete`, up.total_chunks === 1 ? { sha256_root: root } : {});
  }
  const sunset = [[250, 190, 140], [255, 240, 200], [90, 60, 110]];
  const morning = [[150, 200, 240], [255, 250, 220], [60, 120, 80]];

  for (const friend of [ben, chen, dina, emil]) await ana.call("POST", `/users/${friend.id}/follow`).catch(() => null);
  const group = await chat(ana, { type: "group", name: "Boat trip", description: "Saturday, pier 4. Bring a jacket and something to eat.", member_ids: [ben.id, chen.id, dina.id, emil.id] });
  await ana.call("POST", `/chats/${group}/bans/${nova.id}`);
  const plan = await ana.say(group, "**Saturday, 9:30** at pier 4. The weather looks good so far ⛵");
  await ana.call("POST", `/messages/${plan.id}/pin`);
  await ben.say(group, "Count me in! I'll bring the big thermos.", { reply_to: plan.id });
  await ben.say(group, "And my sister, if there is room @ana");
  await chen.say(group, "我也来，需要带什么吗？");
  await dina.say(group, "سأحضر الخبز والزيتون، ومن يستطيع إحضار الماء؟");
  for (const [who, emoji] of [[ben, "👍"], [chen, "👍"], [dina, "❤️"], [emil, "⛵"]]) await who.call("POST", `/messages/${plan.id}/react`, { emoji });
  const list = await emil.say(group, "Here is how far we are:\n> Saturday, 9:30 at pier 4\n\n```sh\nrsync -av photos/ boat:/share\n```\nSee https://example.org/tides for the `tides`.");
  await ana.call("POST", `/messages/${list.id}/react`, { emoji: "🎉" });
  await ben.say(group, "Is there parking?", { thread: plan.id });
  await emil.say(group, "Behind the old crane, it's free on weekends.", { thread: plan.id });
  await ana.say(group, "Perfect, thank you both.", { thread: plan.id });
  await send(emil, group, "pier-4.png", picture(960, 640, sunset), { mime: "image/png", width: 960, height: 640, caption: "Last year, same place" });
  await ana.say(group, "🌅");
  await ana.say(group, "Then it is settled. I'll write down who brings what and share it here tomorrow.");

  const direct = await chat(ben, { type: "direct", member_ids: [ana.id] });
  await ben.say(direct, "Are you already on the train?");
  await ana.say(direct, "Yes, two more stops");
  await ben.say(direct, "Good. I'm at the café on the corner, the one with the *blue* door");
  await ana.say(direct, "I know it. Order me a mint tea?");
  await send(ben, direct, "voice.wav", sound(), { mime: "audio/wav", voice: true, duration: 8 });
  await ben.say(direct, "Also, the recordings are done. All 40 GB of them 😅");

  const films = await chat(ben, { type: "group", name: "Film night", member_ids: [ana.id, dina.id] });
  await send(ben, films, "harbour.png", picture(1200, 800, morning), { mime: "image/png", width: 1200, height: 800 });
  await send(dina, films, "Subtitles and notes – final (2).pdf", paper(["Harbour at night", "Subtitles and notes", "00:04  The lamps go on, one by one.", "00:31  A ferry turns in the dark water.", "01:12  Nobody speaks."]), { mime: "application/pdf" });
  await send(ana, films, "tower.png", picture(600, 900, [[120, 150, 210], [255, 230, 180], [70, 70, 90]]), { mime: "image/png", width: 600, height: 900, caption: "Where we watch it" });
  await send(ben, films, "recordings.tar.zst", Buffer.alloc(900_000, 7), { mime: "application/zstd" });
  const evening = [[90, 80, 150], [255, 210, 170], [40, 40, 70]];
  for (const [name, wide, high, colours] of [["pier.png", 900, 600, sunset], ["island.png", 600, 900, morning], ["lights.png", 1200, 500, evening]]) {
    await send(dina, films, name, picture(wide, high, colours), { mime: "image/png", width: wide, height: high });
  }
  // One that is on its way: its first part is here, the second is not.
  const half = await ben.call("POST", "/files/init", { filename: "Harbour at night (4K master).mov", size: 42_000_000_000, chat_id: films, mime: "video/quicktime" });
  await ben.call("PUT", `/files/${half.upload_id}/chunk?chunk_index=0`, Buffer.alloc(half.chunk_size, 1), true).catch(() => null);

  const channel = await chat(emil, { type: "channel", name: "Harbour news", description: "What happens at the water.", public: true });
  await ana.call("POST", `/chats/${channel}/join`);
  await emil.say(channel, "The **ferry** to the island leaves every 20 minutes from Monday on.");
  await emil.say(channel, "Pier 2 is closed until Thursday.");
  const room = await chat(chen, { type: "room", name: "Open kitchen", description: "Recipes, questions, left-overs." });
  await ana.call("POST", `/chats/${room}/join`);
  await chen.say(room, "Who has tried the new place by the station?");
  await chat(dina, { type: "room", name: "Book swap", description: "Take one, leave one." });
  for (const [who, words] of [[chen, "明天见！"], [dina, "شكراً جزيلاً 🌷"], [emil, "À demain alors."]]) {
    const own = await chat(who, { type: "direct", member_ids: [ana.id] });
    await who.say(own, words);
  }
  const saved = await ana.call("POST", "/chats", { type: "saved" });
  await ana.say(saved.id, "Passport number is in the blue folder");
  await ana.call("POST", `/messages/${list.id}/bookmark`);
  await ana.call("PUT", `/chats/${group}/settings`, { pinned: true });
  await ana.call("PUT", `/chats/${room}/settings`, { muted_until: "2099-01-01T00:00:00Z" });
  return { group, direct, files: films, channel, shared: await shared(films), saved: saved.id, ana: ana.id, ben: ben.id, threadSeq: plan.seq };
}
