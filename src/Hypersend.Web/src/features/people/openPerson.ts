import { errorText, t } from "../../app";
import { paths } from "../../core/places";
import { talk } from "../../talk";
import { go } from "../../ui/router";
import { toast } from "../../ui/Toast";

export const openPerson = (id: string): void => go(paths.person(id));

/** A mention says a user name; who that is, the server knows. */
export function openByName(username: string): void {
  void talk().people.search(username).then(({ items }) => {
    const found = items.find((user) => user.username.toLowerCase() === username.toLowerCase());
    if (found) openPerson(found.id);
    else toast(t("search.none"));
  }, (error: unknown) => toast(errorText(error)));
}

/** Writes to somebody: the direct chat with them, made when there is none. */
export function writeTo(id: string): void {
  void talk().chats.openDirect(id).then((chat) => go(paths.chat(chat.id)), (error: unknown) => toast(errorText(error)));
}
