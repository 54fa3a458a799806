/** "Your account": one lazy module. */
import "./account.css";

export { Account } from "./Account";
