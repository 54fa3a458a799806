import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { errorText, i18n, t } from "../../app";
import type { Message } from "../../core/api/types";
import type { ChatEntry, MessageWindow } from "../../core/model";
import { storable } from "../../core/storableText";
import { talk } from "../../talk";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { useContextMenu } from "../../ui/useContextMenu";
import { wordsDir } from "../../ui/wordsDir";
import { filesOf, pickFiles } from "../files/pickFiles";
import { offerFiles } from "../files/offerFiles";
import { openDialog } from "../shell/dialogs";
import { isSendKey, sendsOnEnter } from "../shell/preferences";
import { insert, longestMessage, mentionAt, splitLong, toggleMark, type Selection } from "./composing";
import type { Desk } from "./desk";
import { EmojiPopover } from "./EmojiPopover";
import { MentionPicker } from "./MentionPicker";
import { canEdit } from "./messageMenu";
import { VoiceRecorder } from "./VoiceRecorder";
import { nameOf, previewOf } from "./words";

const marks: Readonly<Record<string, string>> = { b: "**", i: "*", e: "`" };

export function Composer({ chat, desk, window: view }: { chat: ChatEntry; desk: Desk; window: MessageWindow }) {
  const box = useRef<HTMLTextAreaElement>(null);
  const [mention, setMention] = useState<{ from: number; query: string } | null>(null);
  const [emoji, setEmoji] = useState(false);
  const [recording, setRecording] = useState(false);
  const text = desk.text.value;
  const editing = desk.editing.value;
  const reply = desk.replyTo.value;
  // An edit goes before what waits to be sent.
  const voicing = recording || (desk.spoken.value !== null && !editing);
  const { chats, outbox, people, messages } = talk();

  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, Math.max(120, innerHeight * 0.4))}px`;
  }, [text, voicing]);

  // A keyboard that pops up by itself would hide the conversation on a phone.
  useEffect(() => {
    if (matchMedia("(hover: hover)").matches) box.current?.focus({ preventScroll: true });
  }, [desk]);

  const before = useRef("");
  // Before anybody can type: what was typed in between would be written over.
  useLayoutEffect(() => {
    if (!editing) return;
    before.current = desk.text.value;
    desk.text.value = desk.unsaved?.id === editing.id ? desk.unsaved.words : (editing.content ?? "");
    box.current?.focus();
    return () => {
      // Still being edited: it is only left for a look at something else.
      if (desk.editing.peek()?.id === editing.id) desk.unsaved = { id: editing.id, words: desk.text.peek() };
      desk.text.value = before.current;
    };
  }, [editing]);
  useEffect(() => {
    if (reply) box.current?.focus();
  }, [reply]);

  function write(words: string): void {
    const next = storable(words);
    desk.text.value = next;
    if (editing || desk.thread) return;
    chats.draft(chat.id, next);
    if (next) people.iType(chat.id);
    else people.iStopped(chat.id);
  }

  function place(selection: Selection): void {
    write(selection.text);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(selection.start, selection.end);
    });
  }

  const selection = (): Selection => ({
    text: desk.text.value,
    start: box.current?.selectionStart ?? desk.text.value.length,
    end: box.current?.selectionEnd ?? desk.text.value.length,
  });

  function send(): void {
    const words = desk.text.value.trim();
    if (editing) {
      // One message stays one: nothing of it can go as the next.
      if ([...words].length > longestMessage) return toast(t("message.long", { most: i18n.number(longestMessage) }));
      if (words !== "" && words !== editing.content) change(editing, words);
      desk.editing.value = null;
      return;
    }
    if (!words) return;
    splitLong(words).forEach((content, index) => outbox.send({
      chatId: chat.id, content, thread: desk.thread, replyTo: index === 0 ? (reply?.id ?? null) : null,
    }));
    desk.replyTo.value = null;
    write("");
    people.iStopped(chat.id);
    box.current?.focus();
  }

  function change(message: Message, words: string): void {
    desk.unsaved = { id: message.id, words };
    messages.edit(message.id, words).then(
      () => {
        if (desk.unsaved?.id === message.id) desk.unsaved = null;
      },
      (error: unknown) => {
        toast(errorText(error));
        // Back to where one was, with what was written.
        if (!desk.editing.value) desk.editing.value = message;
      },
    );
  }

  function putAway(): void {
    // Of an edit that waits behind an answer the words stay.
    if (editing) desk.unsaved = null;
    desk.editing.value = null;
    desk.replyTo.value = null;
  }

  function editLast(): boolean {
    const last = view.items.value.findLast((entry) => entry.kind === "message" && canEdit(entry) && entry.message.files.length === 0);
    if (last?.kind !== "message") return false;
    desk.editing.value = last.message;
    return true;
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing || event.defaultPrevented) return;
    const mark = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey ? marks[event.key.toLowerCase()] : undefined;
    if (mark) {
      event.preventDefault();
      place(toggleMark(selection(), mark));
    } else if (isSendKey(event)) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && text === "" && editLast()) {
      event.preventDefault();
    } else if (event.key === "Escape" && (editing || reply)) {
      event.preventDefault();
      event.stopPropagation();
      putAway();
    }
  }

  // Held for a while, or clicked with the other button, it sends later.
  const later = useContextMenu(() => openDialog({ name: "schedule", chat: chat.id }));
  const offer = (chosen: Parameters<typeof offerFiles>[1]): void => offerFiles(desk, chosen);

  if (voicing) {
    return <VoiceRecorder desk={desk} onDone={() => {
      setRecording(false);
      desk.replyTo.value = null;
    }} />;
  }
  return (
    <div class="composer-frame">
      {(reply || editing) && (
        <div class="composer-about">
          <Icon name={editing ? "edit" : "reply"} />
          <button
            type="button"
            class="grow quote"
            onClick={() => (desk.goal.value = (editing ?? reply)!.seq)}
          >
            <span class="quote-name">{editing ? t("message.editing") : <bdi>{nameOf(reply!.sender)}</bdi>}</span>
            <span class="quote-text" dir="auto">{previewOf((editing ?? reply)!)}</span>
          </button>
          <IconButton
            icon="close"
            label={t("action.cancel")}
            onClick={putAway}
          />
        </div>
      )}
      {mention && (
        <MentionPicker
          chat={chat}
          query={mention.query}
          onPick={(name) => {
            const area = box.current!;
            place(insert({ text: desk.text.value, start: mention.from, end: area.selectionStart }, `@${name} `));
            setMention(null);
          }}
          onClose={() => setMention(null)}
        />
      )}
      <div class="composer">
        {!editing && (
          <IconButton icon="attach" label={t("files.attach")} onClick={() => void pickFiles().then(offer)} />
        )}
        <textarea
          ref={box}
          rows={1}
          dir={wordsDir(text)}
          class="composer-box"
          aria-label={t("composer.label")}
          placeholder={t("composer.label")}
          value={text}
          enterkeyhint={sendsOnEnter.value ? "send" : "enter"}
          onInput={(event) => {
            write(event.currentTarget.value);
            setMention(mentionAt(event.currentTarget.value, event.currentTarget.selectionStart));
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setTimeout(() => document.activeElement !== box.current && setMention(null), 150)}
          onPaste={(event) => {
            const pasted = event.clipboardData ? filesOf(event.clipboardData.files) : [];
            if (pasted.length === 0) return;
            event.preventDefault();
            offer(pasted);
          }}
        />
        <EmojiPopover open={emoji} onToggle={setEmoji} onPick={(one) => place(insert(selection(), one))} />
      </div>
      {text.trim() || editing ? (
        <button
          type="button"
          class="send"
          aria-label={t(editing ? "action.save" : "composer.send")}
          title={t(editing ? "action.save" : "composer.send")}
          onClick={send}
          {...(editing || desk.thread ? {} : later)}
        >
          <Icon name={editing ? "check" : "send"} />
        </button>
      ) : (
        <button type="button" class="send" aria-label={t("voice.record")} title={t("voice.record")} onClick={() => setRecording(true)}>
          <Icon name="mic" />
        </button>
      )}
    </div>
  );
}
