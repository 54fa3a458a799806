import { useEffect, useState } from "preact/hooks";
import { errorText, session, t } from "../../app";
import type { Key } from "../../core/i18n";
import { paths } from "../../core/places";
import { searchCalls, type FoundFile, type FoundMessage } from "../../core/search";
import { bytes, shortDate } from "../../formats";
import { AppBar } from "../../ui/AppBar";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { back } from "../../ui/router";
import { Message } from "../../ui/Screen";
import { SearchField } from "../../ui/SearchField";
import { Segments } from "../../ui/Segments";
import { RowSkeletons } from "../../ui/Skeletons";
import { usePaged, type Paged } from "../../ui/usePaged";
import { chatName } from "../chats/chatName";
import { MessageRow } from "../messages/MessageRow";
import { fileIcon, nameOf } from "../messages/words";
import { isAskable, marked, operators, piecesOf, withOperator, without, type Operator, type Piece } from "./operators";
import { query, searchedChat } from "./searchState";

/** The operators are written alike in all languages; only what the chips say is translated. */
const operatorNames = {
  "has:image": "kind.photo", "has:file": "details.files", "has:link": "details.links", "mentions:me": "search.mentionsMe", "is:pinned": "pins.title",
  "from:": "search.sender", "before:": "search.before", "after:": "search.after", "filename:": "search.filename", "size>": "search.larger",
} as const satisfies Record<Operator, Key>;

function chipText({ text, operator }: Piece): string {
  if (!operator) return text;
  const value = text.slice(operator.length);
  return value ? `${t(operatorNames[operator])}: \u2068${value}\u2069` : t(operatorNames[operator]);
}

const calls = searchCalls(session.call);

export function SearchScreen() {
  const [kind, setKind] = useState<"messages" | "files">("messages");
  const [asked, setAsked] = useState(query.value);
  const chat = searchedChat.value;
  useEffect(() => {
    const timer = setTimeout(() => setAsked(query.value.trim()), 250);
    return () => clearTimeout(timer);
  }, [query.value]);
  const pieces = piecesOf(query.value);
  const [presses, setPresses] = useState(1);
  /** What a chip says stands in the field, where one goes on writing. */
  function put(words: string): void {
    query.value = words;
    setPresses((count) => count + 1);
  }
  return (
    <div class="pane-inner">
      <AppBar title={t("search.label")} onBack={() => back(chat ? paths.chat(chat.id) : paths.chats)} />
      <div class="pane-search">
        <SearchField label={t("search.label")} value={query.value} focus={presses} onInput={(value) => (query.value = value)} />
        <ul class="chips" aria-label={t("filter.title")}>
          {chat && (
            <li>
              <button type="button" class="chip on" onClick={() => {
                searchedChat.value = null;
                put(query.value);
              }}>
                <bdi>{chatName(chat)}</bdi><Icon name="close" small /><span class="unseen">{t("action.remove")}</span>
              </button>
            </li>
          )}
          {pieces.filter((piece) => piece.operator).map((piece) => (
            <li key={piece.text}>
              <button type="button" class="chip on" onClick={() => put(without(query.value, piece))}>
                <bdi>{chipText(piece)}</bdi><Icon name="close" small /><span class="unseen">{t("action.remove")}</span>
              </button>
            </li>
          ))}
          {operators.filter((one) => !pieces.some((piece) => piece.operator === one)).map((one) => (
            <li key={one}><button type="button" class="chip" title={one} onClick={() => put(withOperator(query.value, one))}>{t(operatorNames[one])}</button></li>
          ))}
        </ul>
      </div>
      <Segments
        label={t("search.label")}
        value={kind}
        choices={[{ value: "messages", text: t("list.title") }, { value: "files", text: t("search.inFiles") }]}
        onChange={setKind}
      />
      <div class="pane-scroll">
        {!isAskable(asked)
          ? <Empty icon="search" title={t("search.start")} />
          : kind === "messages"
            ? <MessageHits key={`m ${asked} ${chat?.id ?? ""}`} asked={asked} chat={chat?.id ?? null} />
            : <FileHits key={`f ${asked} ${chat?.id ?? ""}`} asked={asked} chat={chat?.id ?? null} />}
      </div>
    </div>
  );
}

function MessageHits({ asked, chat }: { asked: string; chat: string | null }) {
  const found = usePaged<FoundMessage>((cursor) => calls.messages(asked, chat, cursor), [asked, chat]);
  return (
    <Hits found={found}>
      {(message) => (
        <MessageRow
          message={message}
          showChat={!chat}
          {...(message.highlights?.length && message.content
            ? { text: marked(message.content, message.highlights).map((part, index) => (part.found ? <mark key={index}>{part.text}</mark> : part.text)) }
            : {})}
        />
      )}
    </Hits>
  );
}

function FileHits({ asked, chat }: { asked: string; chat: string | null }) {
  const found = usePaged<FoundFile>((cursor) => calls.files(asked, chat, cursor), [asked, chat]);
  return (
    <Hits found={found}>
      {(hit) => (
        <Link to={paths.message(hit.chat_id, Number(hit.message_id.split(".").at(-1)))} className="row-link">
          <span class="file-icon"><Icon name={fileIcon(hit.file.mime)} /></span>
          <span class="row-text">
            <span class="row-line">
              <span class="row-name one-line" dir="auto">{hit.file.filename}</span>
              <time class="row-end row-time" dateTime={hit.created_at}>{shortDate(hit.created_at)}</time>
            </span>
            <span class="row-preview one-line"><bdi>{nameOf(hit.sender)}</bdi> · {bytes(hit.file.size ?? 0)}</span>
          </span>
        </Link>
      )}
    </Hits>
  );
}

function Hits<T extends FoundMessage | FoundFile>({ found, children }: { found: Paged<T>; children: (item: T) => preact.ComponentChildren }) {
  if (found.error !== null) return <Message inner title={errorText(found.error)} action={t("action.retry")} onAction={found.reload} />;
  if (found.items === null) return <RowSkeletons />;
  if (found.items.length === 0) return <Empty icon="search" title={t("search.none")} />;
  return (
    <>
      <p role="status" class="unseen">{t("search.found", { count: found.items.length })}</p>
      <ul class="rows">{found.items.map((item) => <li key={"id" in item ? item.id : item.file.id}>{children(item)}</li>)}</ul>
      {found.more && <div class="pad"><Button kind="tonal" wide busy={found.busy} onClick={found.next}>{t("devices.more")}</Button></div>}
    </>
  );
}
