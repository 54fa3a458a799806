import { personal } from "../../personal";

export const transfersOpen = personal(false);
