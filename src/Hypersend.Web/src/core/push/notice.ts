/** What a push carries (docs/protocol.md, Push): kinds and names, never sentences. Unknown fields are left alone. */
export interface PushNotice {
  readonly v?: number;
  readonly kind: string;
  readonly chat_id?: string;
  readonly chat_type?: string;
  readonly message_id?: string;
  readonly seq?: number;
  readonly hidden?: boolean;
  readonly title?: string;
  readonly sender?: string;
  readonly body?: string;
  readonly type?: string;
  readonly files?: number;
  readonly icon?: string;
  readonly unread?: number;
  readonly badge?: number;
  readonly silent?: boolean;
  readonly language?: string;
  readonly at?: string;
}

export type Words = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** What the browser is asked to show. */
export interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly icon: string;
  readonly silent: boolean;
  readonly renotify: boolean;
  readonly timestamp: number;
  readonly dir: "auto";
  readonly data: NoticeFacts;
}

export interface NoticeFacts {
  readonly path: string;
  readonly chatId: string | null;
  readonly seq: number;
}

export function readNotice(text: string): PushNotice {
  try {
    const notice = JSON.parse(text) as unknown;
    if (typeof notice === "object" && notice !== null && typeof (notice as PushNotice).kind === "string") return notice as PushNotice;
  } catch {
    // Somebody else's push, or a newer server's: something came, and that is what is said.
  }
  return { kind: "unknown" };
}

/** The address of the app at which a click should land. */
export function pathOf(notice: PushNotice): string {
  if (!notice.chat_id) return "/";
  const chat = `/c/${encodeURIComponent(notice.chat_id)}`;
  return notice.seq ? `${chat}/m/${notice.seq}` : chat;
}

export function shownOf(notice: PushNotice, words: Words, plural: (count: number) => string, appName: string): Shown {
  const say = (key: string, values: Readonly<Record<string, string | number>> = {}): string => {
    const entry = words[key];
    const text = typeof entry === "string" ? entry : (entry?.[plural(Number(values.count ?? 0))] ?? entry?.other ?? "");
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
  const isTest = notice.kind === "test";
  const count = Math.max(1, notice.unread ?? 1);
  return {
    title: notice.hidden || isTest ? appName : (notice.title ?? appName),
    body: isTest ? say("push.test") : bodyOf(notice, count, say),
    tag: notice.chat_id ?? notice.kind,
    icon: !notice.hidden && notice.icon && /^\/(?!\/)/.test(notice.icon) ? notice.icon : "/icon-192.png",
    silent: notice.silent ?? false,
    renotify: !(notice.silent ?? false) && notice.chat_id !== undefined,
    timestamp: Date.parse(notice.at ?? "") || 0,
    dir: "auto",
    data: { path: pathOf(notice), chatId: notice.chat_id ?? null, seq: notice.seq ?? 0 },
  };
}

function bodyOf(notice: PushNotice, count: number, say: (key: string, values?: Record<string, string | number>) => string): string {
  if (notice.hidden || !["message", "mention", "reply"].includes(notice.kind)) return say("push.new", { count });
  const text = notice.body?.trim() || what(notice, say) || say("push.new", { count });
  const sender = notice.sender ?? "";
  if (notice.kind !== "message" && sender) return `${say(notice.kind === "mention" ? "push.mention" : "push.reply", { name: sender })}: ${text}`;
  // In a direct chat the title says who it is.
  return sender && notice.chat_type !== "direct" ? `${sender}: ${text}` : text;
}

function what(notice: PushNotice, say: (key: string, values?: Record<string, string | number>) => string): string {
  if (notice.files && notice.files > 1) return say("push.files", { count: notice.files });
  if (notice.type && ["image", "video", "audio", "voice"].includes(notice.type)) return say(`push.${notice.type}`);
  return notice.files || notice.type === "document" ? say("push.files", { count: Math.max(1, notice.files ?? 1) }) : "";
}
