import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { VNode } from "preact";
import { errorText, i18n, t } from "../../app";
import type { Message } from "../../core/api/types";
import type { ChatEntry, Entry, MessageEntry, MessageWindow } from "../../core/model";
import { isOffline } from "../../core/problem";
import { dayName } from "../../formats";
import { talk } from "../../talk";
import { today } from "../../time";
import { Icon } from "../../ui/Icon";
import { Message as Notice, Waiting } from "../../ui/Screen";
import { toast } from "../../ui/Toast";
import type { Point } from "../../ui/useContextMenu";
import { may } from "../chats/chatName";
import { Absent } from "./Absent";
import { Bubble } from "./Bubble";
import { isBarePicture } from "../files/shape";
import { answer, choose, type Desk } from "./desk";
import { walkMessages } from "./walkMessages";
import { openPendingMenu } from "./messageMenu";
import { NothingYet } from "./NothingYet";
import { rowsOf, type Row } from "./rows";
import { around, earlier, later, newest, rangeOf, type Slice } from "./slice";
import { useMoving } from "./useMoving";
import { useSteadyScroll } from "./useSteadyScroll";
import { useOneRowOfStops } from "./tabStops";
import { systemText } from "./words";

interface ListProps {
  chat: ChatEntry;
  window: MessageWindow;
  desk: Desk;
  /** Of the address: the message to begin at. */
  target: number | null;
  onMenu: (entry: MessageEntry, at: Point | Element) => void;
}

/** Where the list goes: a row at a part of the height, pointed out, or taken up by whoever walks with the keys. */
interface Aim {
  key: string;
  part: number;
  flash: boolean;
  focus: boolean;
}

const step = innerWidth < 600 ? 40 : 60;
const near = 900;

/** The window keeps why it could not load, and the list shows that. */
const kept = (): void => {};

export function MessageList({ chat, window: view, desk, target, onMenu }: ListProps) {
  const entries = view.items.value;
  const keys = useMemo(() => entries.map((entry) => entry.key), [entries]);
  const [slice, setSlice] = useState<Slice>(() => newest(keys, step));
  const [start, end] = rangeOf(keys, slice);
  const shown = useMemo(() => entries.slice(start, end), [entries, start, end]);
  const rows = useMemo(() => rowsOf(shown, view.unreadFrom.value, isBarePicture, view.hasGap.value), [shown, view.unreadFrom.value, view.hasGap.value]);
  const atEnd = end >= keys.length && !view.hasAfter.value;
  const [away, setAway] = useState(false);
  const opened = useRef(false);
  // Counted, so that the list also goes where it need not draw anything new.
  const [aims, setAims] = useState(0);
  const aim = useRef<Aim | null>(null);
  /** On the way to the end, which may take a network to get there. */
  const toTheEnd = useRef(false);
  const now = useRef({ keys, slice, start, end });
  now.current = { keys, slice, start, end };

  const steady = useSteadyScroll({
    atEnd,
    onScroll: ({ scroller, glued }) => {
      setAway(!glued && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight > 200);
      fill(scroller);
      markRead(scroller);
    },
  });

  useOneRowOfStops(steady.content);
  useMoving(steady.scroller);

  /** Draws or loads more before an edge is reached. */
  function fill(scroller: HTMLElement): void {
    if (!opened.current) return;
    const { keys: all, slice: part, start: from, end: to } = now.current;
    if (scroller.scrollTop < near) {
      if (from > 0) setSlice(earlier(all, part, step));
      if (from < step * 2 && view.hasBefore.value && view.loading.value === "none" && !view.error.value) view.loadBefore().catch(kept);
    } else if (scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < near) {
      if (to < all.length) setSlice(later(all, part, step));
      if (all.length - to < step * 2 && view.hasAfter.value && view.loading.value === "none" && !view.error.value) view.loadAfter().catch(kept);
    }
  }

  function markRead(scroller: HTMLElement): void {
    if (document.visibilityState !== "visible" || !document.hasFocus() || desk.thread) return;
    const bottom = scroller.getBoundingClientRect().bottom;
    const seen = [...scroller.querySelectorAll<HTMLElement>("[data-seq]")].findLast((row) => row.getBoundingClientRect().top < bottom - 8);
    if (seen) talk().chats.read(chat.id, Number(seen.dataset.seq));
  }

  function aimAt(seq: number, part: number, flash: boolean, focus = false): void {
    toTheEnd.current = false;
    const found = view.items.value.find((entry) => entry.kind === "message" && entry.message.seq >= seq);
    if (!found) return;
    aim.current = { key: found.key, part, flash, focus };
    const all = view.items.value.map((entry) => entry.key);
    setSlice(around(all, found.key, step * 2));
    setAims((count) => count + 1);
  }

  async function jump(seq: number, focus = false): Promise<void> {
    const hit = await view.jumpTo(seq);
    if (hit !== null) aimAt(hit, 0.4, true, focus);
  }

  async function toMention(): Promise<void> {
    try {
      const seq = await talk().messages.nextMention(chat.id);
      // It was deleted meanwhile: what is left to be read lies at the end.
      await (seq === null ? toEnd() : jump(seq, true));
    } catch (error) {
      toast(errorText(error));
    }
  }

  // Entering: where the address says, else where reading stopped, else the end. Before the first paint, so that what is at hand is in it.
  useLayoutEffect(() => {
    let current = true;
    const enter = target === null ? view.open() : Promise.resolve();
    void enter.then(async () => {
      if (!current) return;
      opened.current = true;
      if (target !== null) return jump(target);
      const unread = view.unreadFrom.value;
      if (unread !== null) aimAt(unread, 0.25, false);
      else setSlice(newest(view.items.value.map((entry) => entry.key), step));
    }).catch(() => {
      // The window keeps the error, and the list shows it.
      opened.current = true;
    });
    return () => {
      current = false;
      view.close();
    };
  }, [view, target]);

  useEffect(() => {
    const goal = desk.goal.value;
    if (goal === null) return;
    desk.goal.value = null;
    void jump(goal);
  }, [desk.goal.value]);

  useLayoutEffect(() => {
    const wanted = aim.current;
    if (wanted) {
      const row = steady.show(wanted.key, wanted.part);
      if (row) {
        aim.current = null;
        // The button that led here may go with the last mention.
        if (wanted.focus) row.focus({ preventScroll: true });
        if (wanted.flash) flash(row);
      }
    }
    if (toTheEnd.current && atEnd) {
      toTheEnd.current = false;
      steady.toEnd();
    }
    const scroller = steady.scroller.current;
    if (scroller) {
      fill(scroller);
      markRead(scroller);
    }
  }, [rows, aims, opened.current]);

  // Where the end is not at hand, what waits to be sent is seen before it has come.
  useLayoutEffect(() => {
    if (toTheEnd.current && view.hasGap.value) steady.toEnd();
  }, [view.hasGap.value]);

  useEffect(() => {
    const back = (): void => {
      if (steady.scroller.current) markRead(steady.scroller.current);
    };
    addEventListener("focus", back);
    return () => removeEventListener("focus", back);
  }, [view]);

  async function toEnd(): Promise<void> {
    if (view.hasAfter.value) {
      toTheEnd.current = true;
      // Whatever of the end is at hand is shown before the rest of it has come.
      setSlice((part) => ({ ...part, last: null }));
      await view.jumpToEnd().catch(kept);
    }
    setSlice(newest(view.items.value.map((entry) => entry.key), step));
    requestAnimationFrame(() => steady.toEnd());
  }

  // What could not be had without a network comes by itself when there is one.
  const status = talk().status.value;
  useEffect(() => {
    if (status !== "live" || !isOffline(view.error.peek())) return;
    if (toTheEnd.current) void toEnd();
    else if (!view.ready.peek() || view.items.peek().length === 0) view.open().catch(kept);
    else (view.hasBefore.peek() ? view.loadBefore() : view.loadAfter()).catch(kept);
  }, [status]);

  // A message of mine is always seen: sending leads to the end, also to one that is not loaded yet.
  const newestMine = view.newestMine.value;
  useEffect(() => {
    if (newestMine && opened.current) void toEnd();
  }, [newestMine]);

  const drawn = useRef(new Map<string, { row: Row; mark: string; node: VNode }>());
  const choosing = desk.chosen.value !== null;
  const mayAnswer = may(chat, "send");
  const named = chat.type !== "direct" && chat.type !== "saved";
  const mentions = desk.thread ? 0 : chat.mentions;
  const newCount = Math.max(view.newer.value, away ? chat.unread : 0);
  const next = new Map<string, { row: Row; mark: string; node: VNode }>();
  const nodes = rows.map((row) => {
    const id = row.kind === "entry" && row.entry.kind === "message" ? row.entry.message.id : "";
    const chosen = choosing && desk.chosen.value!.has(id);
    const mark = `${choosing} ${chosen} ${named} ${mayAnswer} ${i18n.language.value.code} ${today.value}`;
    const old = drawn.current.get(row.key);
    // The same node again makes Preact skip it: a new message redraws itself and its neighbour, not the whole list.
    const node = old && old.mark === mark && sameRow(old.row, row) ? old.node : drawRow(row, chosen);
    next.set(row.key, { row, mark, node });
    return node;
  });
  drawn.current = next;

  function drawRow(row: Row, chosen: boolean): VNode {
    if (row.kind === "day") return <li key={row.key} class="day" data-day={row.at}><span class="pill">{dayName(row.at)}</span></li>;
    if (row.kind === "unread") return <li key={row.key} class="unread-line" data-key="unread"><span>{t("list.unread")}</span></li>;
    if (row.kind === "gap") return <li key={row.key} class="chat-note" data-key="gap"><span class="pill">{t("list.absent")}</span></li>;
    const { entry } = row;
    if (entry.kind === "message" && entry.message.type === "system") {
      return (
        <li key={row.key} class="chat-note" data-key={row.key} data-seq={entry.message.seq} tabIndex={-1}>
          <span class="pill">{systemText(entry.message)}</span>
        </li>
      );
    }
    return (
      <Bubble
        key={row.key}
        entry={entry}
        first={row.first}
        last={row.last}
        tile={row.tile}
        named={named}
        chosen={chosen}
        choosing={choosing}
        inThread={desk.thread !== null}
        onMenu={openMenuOf}
        onChoose={(one) => choose(desk, one.message)}
        onReply={mayAnswer ? (message) => answer(desk, message) : null}
        onQuote={(message) => void openQuote(message)}
      />
    );
  }

  function openMenuOf(entry: Entry, at: Point | Element): void {
    if (entry.kind === "message") onMenu(entry, at);
    else openPendingMenu(view, entry, at);
  }

  function openQuote(message: Message): void {
    desk.goal.value = message.seq;
  }

  const failure = view.error.value;
  return (
    <div class="list-frame">
      <div
        class="message-list"
        ref={steady.scroller}
        role="region"
        aria-label={t("list.title")}
        tabIndex={0}
        onKeyDown={(event) => walkMessages(event, (key) => {
          const found = view.items.value.find((entry) => entry.key === key);
          const element = steady.content.current?.querySelector(`[data-key="${CSS.escape(key)}"]`);
          if (found && element) openMenuOf(found, element.querySelector(".bubble") ?? element);
        })}
      >
        {view.loading.value === "before" && start === 0 && <div class="list-wait"><span class="spinner" aria-hidden="true" /></div>}
        {!view.ready.value && !failure && <Waiting inner />}
        {view.ready.value && rows.length === 0 && !view.hasBefore.value && <NothingYet chat={chat} />}
        <ol ref={steady.content} class={named ? "messages named" : "messages"}>{nodes}</ol>
        {failure !== null && failure !== undefined && entries.length === 0 && (isOffline(failure)
          ? <Absent onAction={() => void view.open().catch(() => undefined)} />
          : <Notice inner title={errorText(failure)} action={t("action.retry")} onAction={() => void view.open()} />
        )}
      </div>
      {mentions > 0 && (
        <button type="button" class="to-mention" aria-label={t("list.mention", { count: mentions })} title={t("list.mention", { count: mentions })} onClick={() => void toMention()}>
          <span class="count">{i18n.number(mentions)}</span>
          <Icon name="at" />
        </button>
      )}
      <button
        type="button"
        class={away || view.hasAfter.value ? "to-end shown" : "to-end"}
        aria-label={newCount > 0 ? t("list.new", { count: newCount }) : t("list.end")}
        title={t("list.end")}
        tabIndex={away || view.hasAfter.value ? 0 : -1}
        onClick={() => void toEnd()}
      >
        {newCount > 0 && <span class="count">{i18n.number(newCount)}</span>}
        <Icon name="arrowDown" />
      </button>
    </div>
  );
}

const sameRow = (a: Row, b: Row): boolean =>
  a.kind === b.kind && (a.kind !== "entry" || b.kind !== "entry" || (a.entry === b.entry && a.first === b.first && a.last === b.last && a.tile === b.tile))
  && (a.kind !== "day" || b.kind !== "day" || a.at === b.at);

function flash(row: HTMLElement): void {
  row.classList.remove("flash");
  void row.offsetWidth;
  row.classList.add("flash");
  row.addEventListener("animationend", () => row.classList.remove("flash"), { once: true });
}
