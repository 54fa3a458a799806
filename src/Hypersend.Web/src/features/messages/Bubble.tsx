import { errorText, i18n, t } from "../../app";
import type { Message } from "../../core/api/types";
import type { Entry, MessageEntry } from "../../core/model";
import { paths } from "../../core/places";
import { directionOf, isBigEmoji } from "../../core/richText";
import { clock, fullDate, joined } from "../../formats";
import { talk } from "../../talk";
import { Avatar, toneOf } from "../../ui/Avatar";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { useContextMenu, type Point } from "../../ui/useContextMenu";
import { usePull } from "../../ui/usePull";
import { isPictured } from "../files/shape";
import { SharedFileView } from "../files/SharedFileView";
import { cancelSending } from "../files/TransferControl";
import { openPerson } from "../people/openPerson";
import { FailedNote } from "./FailedNote";
import { LinkCard } from "./LinkCard";
import { PendingBody } from "./PendingBody";
import { Quote } from "./Quote";
import { Reactions } from "./Reactions";
import { RichText } from "./RichText";
import type { Tile } from "./rows";
import { Ticks } from "./Ticks";
import { nameOf } from "./words";

export interface BubbleProps {
  entry: Entry;
  first: boolean;
  last: boolean;
  /** Its place among the pictures that were sent with it. */
  tile: Tile | null;
  /** Names and pictures stand beside messages where more than two people talk. */
  named: boolean;
  chosen: boolean;
  choosing: boolean;
  inThread: boolean;
  /** In a channel the posts are the channel's; there are no ticks but a count of who saw. */
  onMenu: (entry: Entry, at: Point | Element) => void;
  onChoose: (entry: MessageEntry) => void;
  /** Null where one only reads. */
  onReply: ((message: Message) => void) | null;
  onQuote: (message: Message) => void;
}

/** One row from the moment of sending on: what is acknowledged keeps its element, and with it focus, menu and a finger that rests on it. */
export function Bubble(props: BubbleProps) {
  const { entry, first, last, tile, named, chosen, choosing } = props;
  const sent = entry.kind === "message" ? entry : null;
  const own = sent ? sent.mine : true;
  const gone = sent?.message.deleted_at ?? null;
  const pick = choosing && sent ? () => props.onChoose(sent) : undefined;
  const menu = useContextMenu((at) => (pick ? pick() : props.onMenu(entry, at)));
  const pull = usePull(props.onReply && sent && !gone && !choosing ? () => props.onReply!(sent.message) : null);
  const classes = [
    "entry", own && "own", first && "first", last && "last", chosen && "chosen", pick && "choosing", sent?.removing && "removing",
    entry.kind === "pending" && entry.pending.state === "failed" && "failed", pull.pulling && "pulling",
    tile && `tile ${tile}`,
  ];
  const name = sent && nameOf(sent.message.sender);
  return (
    <li
      class={classes.filter(Boolean).join(" ")}
      data-key={entry.key}
      data-seq={sent?.message.seq}
      tabIndex={-1}
      aria-label={sent ? joined([name!, clock(sent.message.created_at)]) : undefined}
      {...both(menu, pull.target)}
      onClick={pick}
      onDblClick={(event) => {
        if (!choosing && sent && props.onReply && !(event.target as Element).closest("button, a, video, audio, pre")) props.onReply(sent.message);
      }}
    >
      {pull.pulling && <span class="pull-sign"><Icon name="reply" /></span>}
      {pick && <span class="choose-mark" data-on={chosen}><Icon name="check" small /></span>}
      {named && sent && !own && (
        <span class="beside">
          {last && (
            <button type="button" class="plain" aria-label={name!} tabIndex={-1} onClick={() => openPerson(sent.message.sender.id)}>
              <Avatar user={sent.message.sender} size="small" />
            </button>
          )}
        </span>
      )}
      {sent ? <Body {...props} entry={sent} /> : entry.kind === "pending" && <PendingBody pending={entry.pending} />}
      {!choosing && !gone && (
        <button
          type="button"
          class="entry-more"
          aria-label={t("menu.title")}
          title={t("menu.title")}
          onClick={(event) => props.onMenu(entry, event.currentTarget)}
        >
          <Icon name="more" small />
        </button>
      )}
    </li>
  );
}

type Touched = Record<"onTouchStart" | "onTouchMove" | "onTouchEnd" | "onTouchCancel", (event: TouchEvent) => void>;

/** A finger may rest on a row, or pull it: both look at the same touches. */
const both = <T extends Touched>(menu: T, pull: Touched): T => ({
  ...menu,
  onTouchStart: (event: TouchEvent) => (menu.onTouchStart(event), pull.onTouchStart(event)),
  onTouchMove: (event: TouchEvent) => (menu.onTouchMove(event), pull.onTouchMove(event)),
  onTouchEnd: (event: TouchEvent) => (menu.onTouchEnd(event), pull.onTouchEnd(event)),
  onTouchCancel: (event: TouchEvent) => (menu.onTouchCancel(event), pull.onTouchCancel(event)),
});

function Body({ entry, first, named, inThread, onQuote }: BubbleProps & { entry: MessageEntry }) {
  const { message, mine } = entry;
  if (message.deleted_at) {
    return <div class="bubble deleted"><p><Icon name="ban" small /> {t("message.deleted")}</p><Meta entry={entry} /></div>;
  }
  const words = message.content ?? "";
  const big = message.files.length === 0 && !message.reply_to && words !== "" && isBigEmoji(words);
  const media = message.files.length > 0 && message.type !== "voice" && message.files.every((file) => isPictured(file, talk().transfers.ofFile(file.id).value));
  const shared = message.files.map((file) => <SharedFileView key={file.id} file={file} message={message} />);
  const bubble = (
    <div class={["bubble", otherWay(words) && "other-way", big && "big", media && "media", media && !words && "bare"].filter(Boolean).join(" ")}>
      {named && first && !mine && (
        <button type="button" class="sender" data-tone={toneOf(message.sender.id)} onClick={() => openPerson(message.sender.id)}>
          <bdi>{nameOf(message.sender)}</bdi>
        </button>
      )}
      {message.forwarded_sender && (
        <p class="forwarded"><Icon name="forward" small /> {t("message.forwarded", { name: nameOf(message.forwarded_sender) })}</p>
      )}
      {message.thread && !inThread && (
        <Link to={paths.thread(message.chat_id, Number(message.thread.split(".").at(-1)))} className="forwarded"><Icon name="thread" small /> {t("thread.title")}</Link>
      )}
      {message.reply_to && <Quote id={message.reply_to} onOpen={onQuote} />}
      {media && message.files.length > 1 ? <div class="album">{shared}</div> : shared}
      {words && <div class="words"><RichText text={words} /></div>}
      {message.preview && <LinkCard preview={message.preview} />}
      <Meta entry={entry} />
      <Reactions message={message} />
      {!inThread && message.thread_count > 0 && (
        <Link to={paths.thread(message.chat_id, message.seq)} className="thread-link">
          <Icon name="thread" small />
          <span class="grow">{t("thread.count", { count: message.thread_count })}</span>
          <Icon name="next" small />
        </Link>
      )}
    </div>
  );
  const failed = message.files.map((file) => (file.state === "uploading" ? talk().transfers.ofFile(file.id).value : null)).find((one) => one?.state === "failed");
  if (!failed) return bubble;
  return (
    <div class="failed-column">
      {bubble}
      <FailedNote
        text={failed.problem ? errorText(failed.problem) : t("state.failed")}
        onRetry={() => talk().transfers.resume(failed.id)}
        onDelete={() => void cancelSending(failed)}
      />
    </div>
  );
}

/** A text that runs against the page has its own line, so that its end and the time do not meet. */
function otherWay(words: string): boolean {
  const direction = directionOf(words);
  return direction !== null && direction !== i18n.language.value.dir;
}

function Meta({ entry: { message, state, editing } }: { entry: MessageEntry }) {
  return (
    <span class="meta">
      {message.pinned && <Icon name="pin" small />}
      {message.bookmarked && <Icon name="bookmark" small />}
      {message.expires_at && <Icon name="clock" small />}
      {message.edited_at && !message.deleted_at && <span>{t("message.edited")}</span>}
      <time dateTime={message.created_at} title={fullDate(message.created_at)}>{clock(message.created_at)}</time>
      {state && <Ticks state={editing ? "sending" : state} />}
    </span>
  );
}
