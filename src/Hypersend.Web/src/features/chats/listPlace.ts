import { onLeaving } from "../../personal";

/** Where one was in the list of chats: on a phone it goes when a chat is opened, and comes back as it was left. */
export const listPlace = { top: 0 };
onLeaving(() => (listPlace.top = 0));
