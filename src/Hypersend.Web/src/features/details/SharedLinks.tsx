import { errorText, session, t } from "../../app";
import type { Message } from "../../core/api/types";
import type { ChatEntry } from "../../core/model";
import { paths } from "../../core/places";
import { linksOf } from "../../core/richText";
import { searchCalls } from "../../core/search";
import { joined, shortDate } from "../../formats";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Message as Notice } from "../../ui/Screen";
import { RowSkeletons } from "../../ui/Skeletons";
import { usePaged } from "../../ui/usePaged";
import { nameOf } from "../messages/words";

const calls = searchCalls(session.call);

/** Where the messages of a chat lead to, the newest first; each beside the way to the message that said it. */
export function SharedLinks({ chat }: { chat: ChatEntry }) {
  const found = usePaged<Message>((cursor) => calls.messages("has:link", chat.id, cursor), [chat.id]);
  if (found.error !== null) return <Notice inner title={errorText(found.error)} action={t("action.retry")} onAction={found.reload} />;
  if (found.items === null) return <RowSkeletons count={4} />;
  return (
    <section class="card flush">
      {found.items.length === 0 && <Empty icon="link" title={t("filter.none")} />}
      <ul class="rows">
        {found.items.flatMap((message) => linksOf(message.content ?? "").map((href) => (
          <li key={`${message.id} ${href}`} class="person-row"><OneLink href={href} message={message} /></li>
        )))}
      </ul>
      {found.more && <div class="pad"><Button kind="tonal" wide busy={found.busy} onClick={found.next}>{t("devices.more")}</Button></div>}
    </section>
  );
}

function OneLink({ href, message }: { href: string; message: Message }) {
  const { host, pathname } = new URL(href);
  const card = message.preview?.url === href ? message.preview : null;
  return (
    <>
      <a class="row-link" href={href} target="_blank" rel="noopener noreferrer nofollow">
        <span class="file-icon"><Icon name="link" /></span>
        <span class="row-text">
          <span class="row-line"><span class="row-name one-line" dir="auto">{card?.title || host || pathname}</span></span>
          <span class="row-preview one-line" dir="ltr">{href.replace(/^https?:\/\//, "")}</span>
        </span>
      </a>
      <Link to={paths.message(message.chat_id, message.seq)} className="icon-button">
        <span class="unseen">{joined([nameOf(message.sender), shortDate(message.created_at)])}</span>
        <Icon name="chat" />
      </Link>
    </>
  );
}
