/** "Your account": one lazy module. */
import "../../styles/parts.css";
import "../chats/chats.css";
import "../files/files.css";
import "./account.css";

export { Account } from "./Account";
