import "../details/details.css";

/** Screens beside the conversation travel together. */
export { Archive } from "../chats/Archive";
export { Discover } from "../chats/Discover";
export { JoinByLink } from "../chats/JoinByLink";
export { ShareIn } from "../chats/ShareIn";
export { ChatDetails } from "../details/ChatDetails";
export { Bookmarks } from "../messages/Bookmarks";
export { ThreadPane } from "../messages/ThreadPane";
export { Contacts } from "../people/Contacts";
export { PersonPane } from "../people/PersonPane";
export { SearchScreen } from "../search/SearchScreen";
