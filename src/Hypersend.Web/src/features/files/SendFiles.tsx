import { useEffect, useState } from "preact/hooks";
import { t } from "../../app";
import type { FileToSend } from "../../core/model";
import { bytes } from "../../formats";
import { talk } from "../../talk";
import { serverTime } from "../../time";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import { deskOf } from "../messages/desk";
import { isSendKey } from "../shell/preferences";
import { offerDirectly } from "../direct/actions";
import "../direct/direct.css";
import { fileIcon, nameOf } from "../messages/words";
import { describeFile } from "./describeFile";
import { pickFiles } from "./pickFiles";

const keeps = ["keep", "day", "week", "after_delivery"] as const;
type Keep = (typeof keeps)[number];

const retentionOf = (keep: Keep) => {
  if (keep === "keep") return null;
  if (keep === "after_delivery") return { mode: "after_delivery" as const };
  const days = keep === "day" ? 1 : 7;
  return { mode: "until" as const, at: new Date(serverTime.now() + days * 86_400_000).toISOString() };
};

/** The focus would go to what takes the first file away. Where the keyboard is on the screen it stays out of the way until it is wanted. */
const hasKeys = !matchMedia("(pointer: coarse)").matches;

/** What is about to go: seen, put in order, given a caption. */
export function SendFiles({ chat, thread, files, text, onSent, onClose }: {
  chat: string;
  thread: string | null;
  files: readonly FileToSend[];
  text: string;
  onSent: () => void;
  onClose: () => void;
}) {
  const [items, setItems] = useState<readonly FileToSend[]>(files);
  const [caption, setCaption] = useState(text);
  const [keep, setKeep] = useState<Keep>("keep");
  useEffect(() => {
    let current = true;
    void (async () => {
      // One after the other: a hundred photos at once would stop the page.
      for (const item of items) {
        if (item.preview !== undefined) continue;
        const described = await describeFile(item);
        if (!current) return;
        if (described !== item) setItems((before) => before.map((one) => (one === item ? described : one)));
      }
    })();
    return () => {
      current = false;
    };
  }, [items.length]);

  const peer = thread ? null : (talk().chats.chat(chat).value?.peer ?? null);
  const total = items.reduce((sum, item) => sum + item.file.size, 0);
  /** Not sent after all: the words go back to where one writes. */
  function leave(): void {
    const desk = deskOf(chat, thread);
    if (caption !== text && !desk.editing.value) {
      desk.text.value = caption;
      if (!thread) talk().chats.draft(chat, caption);
    }
    onClose();
  }

  function send(): void {
    const desk = deskOf(chat, thread);
    const retention = retentionOf(keep);
    talk().outbox.send({
      chatId: chat, thread, content: caption.trim(), replyTo: desk.replyTo.value?.id ?? null,
      files: items.map((item) => ({ ...item, ...(retention ? { retention } : {}) })),
    });
    onSent();
    onClose();
  }
  return (
    <Dialog holds title={t("composer.send")} onClose={leave}>
      <ul class="send-list">
        {items.map((item, index) => (
          <li key={`${item.path ?? item.file.name} ${index}`}>
            {item.preview
              ? <img class="send-thumb" src={item.preview} alt="" />
              : <span class="send-thumb"><Icon name={fileIcon(item.file.type)} /></span>}
            <span class="grow stack tight">
              <span class="one-line" dir="auto">{item.path ?? item.name ?? item.file.name}</span>
              <span class="small soft">{bytes(item.file.size)}</span>
            </span>
            <IconButton
              icon="close"
              label={t("action.remove")}
              onClick={() => {
                const rest = items.filter((one) => one !== item);
                if (rest.length === 0) leave();
                else setItems(rest);
              }}
            />
          </li>
        ))}
      </ul>
      <div
        onKeyDown={(event) => {
          if (!isSendKey(event)) return;
          event.preventDefault();
          send();
        }}
      >
        <Field label={t("files.caption")} name="caption" value={caption} onInput={setCaption} lines optional focus={hasKeys} />
      </div>
      <Select
        label={t("files.keep")}
        value={keep}
        choices={keeps.map((value) => ({ value, text: t(`files.keep.${value}`) }))}
        onChange={(value) => setKeep(value as Keep)}
      />
      {peer && (
        <div class="notice">
          <Icon name="send" />
          <div class="grow direct-way">
            <p class="small">{t("direct.hint", { name: nameOf(peer) })}</p>
            <Button
              kind="text"
              onClick={() => {
                // What passes from device to device carries no words, so these go as a message of their own.
                if (caption.trim()) talk().outbox.send({ chatId: chat, thread, content: caption.trim(), replyTo: deskOf(chat, thread).replyTo.value?.id ?? null });
                onSent();
                onClose();
                void offerDirectly(peer.id, items);
              }}
            >
              {t("direct.send")}
            </Button>
          </div>
        </div>
      )}
      <div class="row">
        <span class="small soft send-size">{bytes(total)}</span>
        <Button
          kind="text"
          icon="add"
          onClick={() => void pickFiles().then((more) => setItems([...items, ...more]))}
        >
          {t("action.add")}
        </Button>
        <Button icon="send" focus={!hasKeys} onClick={send}>{t("composer.send")}</Button>
      </div>
    </Dialog>
  );
}
